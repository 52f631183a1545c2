// Sizes with units of their own: each spelling that is read, and those that are
// refused because they mean something else.
#include "core/base/printed_size.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include <catch2/catch.hpp>

#include "core/base/number_form.hpp"

namespace command_exporter {
namespace {

constexpr double kKi = 1024.0;

std::optional<double> Read(std::string_view text, std::string_view unit,
                           std::string_view bare = {}) {
  return ReadNumber(text, {.unit = FindUnit(unit), .bare = FindUnit(bare)});
}

struct Case {
  std::string_view text{};
  double with_1024{};
  double with_1000{};
};

TEST_CASE("a size is read with the unit that it prints") {
  const Case cases[] = {
      {"0", 0, 0},
      {"0.0", 0, 0},
      {"-0", 0, 0},
      {"12B", 12, 12},
      {"5 bytes", 5, 5},
      {"5 Bytes", 5, 5},
      {"1 byte", 1, 1},
      {"1 Byte", 1, 1},
      {"10.5T", 11544872091648, 10.5e12},
      {"849892K", 870289408, 849892000},
      {"1.2 MB", 1258291.2, 1.2e6},
      {"1.2kB", 1228.8, 1200},
      {"3KB", 3072, 3000},
      {"2k", 2048, 2000},
      {"28.7G", 30816390348.8, 28.7e9},
      {"148M", 148 * kKi * kKi, 148e6},
      {"1P", kKi * kKi * kKi * kKi * kKi, 1e15},
      {"1PB", kKi * kKi * kKi * kKi * kKi, 1e15},
      {"5E", 5 * kKi * kKi * kKi * kKi * kKi * kKi, 5e18},
      {"+5M", 5 * kKi * kKi, 5e6},
      {"-5M", -5 * kKi * kKi, -5e6},
      {".5K", 512, 500},
      {"1e3 K", 1024000, 1000000},
      {" 216   kB ", 216 * kKi, 216000},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(Read(c.text, "size_1024") == c.with_1024);
    CHECK(Read(c.text, "size_1000") == c.with_1000);
  }
}

TEST_CASE("a unit with i is a power of 1024 for both") {
  const std::pair<std::string_view, double> cases[] = {
      {"1Ki", kKi},
      {"410Mi", 429916160},
      {"12Gi", 12884901888},
      {"1.824MiB", 1.824 * kKi * kKi},
      {"1.2 GiB", 1.2 * kKi * kKi * kKi},
      {"2TiB", 2 * kKi * kKi * kKi * kKi},
      {"2Pi", 2 * kKi * kKi * kKi * kKi * kKi},
      {"5EiB", 5 * kKi * kKi * kKi * kKi * kKi * kKi},
  };
  for (const auto& [text, value] : cases) {
    CAPTURE(text);
    CHECK(Read(text, "size_1024") == value);
    CHECK(Read(text, "size_1000") == value);
  }
}

TEST_CASE("a small letter is a power of 1024, or no size: m is milli") {
  const std::pair<std::string_view, double> cases[] = {
      {"38m", 38 * kKi * kKi},
      {"2.5g", 2684354560},
      {"1t", kKi * kKi * kKi * kKi},
      {"1p", kKi * kKi * kKi * kKi * kKi},
      {"5e", 5 * kKi * kKi * kKi * kKi * kKi * kKi},
  };
  for (const auto& [text, value] : cases) {
    CAPTURE(text);
    CHECK(Read(text, "size_1024") == value);
    CHECK_FALSE(Read(text, "size_1000"));
  }
}

TEST_CASE("a number without a unit is a size only if bare names its unit") {
  for (const std::string_view unit : {"size_1024", "size_1000"}) {
    CAPTURE(unit);
    CHECK_FALSE(Read("512", unit));
    CHECK_FALSE(Read("5E3", unit));
    CHECK(Read("512", unit, "B") == 512.0);
    CHECK(Read("512", unit, "KiB") == 512 * kKi);
    CHECK(Read("512", unit, "kB") == 512000.0);
    CHECK(Read("0.57", unit, "kB") == 570.0);
    CHECK(Read("5E3", unit, "B") == 5000.0);
    CHECK(Read("5M", "size_1000", "B") == 5e6);
  }
}

TEST_CASE("what is no size is refused") {
  for (const std::string_view text :
       {"12b",    "5Kb",   "3kiB",   "3ki",  "1.2M/s",    "<21.5g",
        "1,234K", "-",     "",       "K",    "M5",        "1e3K",
        "5E3B",   "5 K B", "5KK",    "5mB",  "5bytez",    "5 BYTES",
        "1.2.3K", "nan",   "inf",    "infK", "5\xC2\xB5", "5i",
        "5iB",    "5%",    "1e308T", "0x10K"}) {
    CAPTURE(text);
    CHECK_FALSE(Read(text, "size_1024", "B"));
    CHECK_FALSE(Read(text, "size_1000", "B"));
  }
}

TEST_CASE("a size may have groups and a suffix if they are declared") {
  const NumberForm form{
      .unit = FindUnit("size_1024"), .suffix = "/s", .grouping = ','};
  CHECK(ReadNumber("1,234K", form) == 1263616.0);
  CHECK(ReadNumber("1.5M/s", form) == 1572864.0);
  CHECK(ReadNumber("1,234 KiB /s", form) == 1263616.0);
  CHECK(ReadNumber("0/s", form) == 0.0);
  CHECK_FALSE(ReadNumber("512/s", form));
  CHECK_FALSE(ReadNumber("12,34K", form));
}

}  // namespace
}  // namespace command_exporter
