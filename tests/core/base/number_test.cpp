#include "core/base/number.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

namespace command_exporter {
namespace {

struct Case {
  std::string_view text{};
  int power10{};
  double value{};
};

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST_CASE("a number is read as it is written") {
  const Case cases[] = {
      {"0", 0, 0.0},
      {"12", 0, 12.0},
      {"+1", 0, 1.0},
      {"-1", 0, -1.0},
      {"007", 0, 7.0},
      {"1.", 0, 1.0},
      {".5", 0, 0.5},
      {"-.5", 0, -0.5},
      {"1E+3", 0, 1000.0},
      {"1e-3", 0, 0.001},
      {"0.1", 0, 0.1},
      {"inf", 0, kInfinity},
      {"+Inf", 0, kInfinity},
      {"-INFINITY", 0, -kInfinity},
      {"1.7976931348623157e308", 0, std::numeric_limits<double>::max()},
      {"4.9e-324", 0, std::numeric_limits<double>::denorm_min()},
      {"1e-999", 0, 0.0},
      {"0e999", 0, 0.0},
      {"0.00000e99999999999999999999", 0, 0.0},
      {"9007199254740993", 0, 9007199254740992.0},
      // The decimal point moves in the text, so nothing is rounded twice.
      {"57", -2, 0.57},
      {"1.5e3", -3, 1.5},
      {"0.1", -3, 0.0001},
      {"29.7", -2, 0.297},
      {"-3", 6, -3e6},
      {"+1.25", 9, 1.25e9},
      {"1e308", -400, 1e-92},
      {"1e-330", 20, 1e-310},
      {"inf", -3, kInfinity},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text, c.power10);
    const auto value = ParseNumber(c.text, c.power10);
    REQUIRE(value);
    CHECK(*value == c.value);
  }
}

TEST_CASE("a field that is not wholly one number is refused") {
  for (const std::string_view text : {"",         " ",
                                      "-",        "+",
                                      ".",        "e5",
                                      "1e",       "1e+",
                                      "1 ",       " 1",
                                      "12ms",     "1,5",
                                      "1_000",    "0x10",
                                      "0X1F",     "0x",
                                      "1'000",    "--1",
                                      "+-1",      "-+1",
                                      "++1",      "-nan",
                                      "+nan",     "nan(1)",
                                      "infinit",  "in",
                                      "1e999",    "-1e999",
                                      "1..2",     "1.2.3",
                                      "1e5.5",    "1e 5",
                                      "one",      "\xD9\xA1",
                                      "1\n",      "1e1e1",
                                      "1e400000", "1e9999999999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseNumber(text));
    CHECK_FALSE(ParseNumber(text, -2));
  }
  CHECK_FALSE(ParseNumber(std::string_view("1\0", 2)));
  CHECK_FALSE(ParseNumber("1e308", 10));
}

TEST_CASE("NaN is read without a sign, in any case") {
  for (const std::string_view text : {"nan", "NaN", "NAN"}) {
    const auto value = ParseNumber(text, 3);
    REQUIRE(value);
    CHECK(std::isnan(*value));
  }
}

TEST_CASE("a negative underflow keeps its sign") {
  const auto value = ParseNumber("-1e-999");
  REQUIRE(value);
  CHECK(*value == 0);
  CHECK(std::signbit(*value));
}

TEST_CASE("a number with thousands of digits is read") {
  const std::string zeros(5000, '0');
  const auto small = ParseNumber("0." + zeros + "1e5001");
  REQUIRE(small);
  CHECK(*small == 1.0);
  const auto large = ParseNumber("1" + zeros, -5000);
  REQUIRE(large);
  CHECK(*large == 1.0);
  CHECK_FALSE(ParseNumber("1" + zeros));
}

TEST_CASE("a number is written in the shortest way that reads back") {
  const std::pair<double, std::string_view> cases[] = {
      {0.0, "0"},
      {-0.0, "-0"},
      {1.0, "1"},
      {-17.0, "-17"},
      {100000.0, "100000"},
      {1e15, "1000000000000000"},
      {9007199254740991.0, "9007199254740991"},
      {0.1, "0.1"},
      {0.1 + 0.2, "0.30000000000000004"},
      {1e-5, "1e-05"},
      {1e22, "1e+22"},
      {1795423161.3765054, "1795423161.3765054"},
      {std::numeric_limits<double>::quiet_NaN(), "NaN"},
      {-std::numeric_limits<double>::quiet_NaN(), "NaN"},
      {kInfinity, "+Inf"},
      {-kInfinity, "-Inf"},
  };
  for (const auto& [value, text] : cases) {
    CHECK(FormatNumber(value) == text);
  }
}

TEST_CASE("every double comes back from its text") {
  std::mt19937_64 random(20240229);  // NOLINT(bugprone-random-generator-seed)
  constexpr int kRounds = 100'000;
  int lost = 0;
  int not_a_number = 0;
  for (int i = 0; i < kRounds; ++i) {
    const std::uint64_t bits = random();
    const auto value = std::bit_cast<double>(bits);
    const auto back = ParseNumber(FormatNumber(value));
    if (std::isnan(value)) {
      ++not_a_number;
      lost += back && std::isnan(*back) ? 0 : 1;
    } else if (!back || std::bit_cast<std::uint64_t>(*back) != bits) {
      ++lost;
      UNSCOPED_INFO("bits " << bits << " as " << FormatNumber(value));
    }
  }
  CHECK(lost == 0);
  CHECK(not_a_number < kRounds / 100);
}

}  // namespace
}  // namespace command_exporter
