// Units of measurement: durations in the configuration, units of the output.
#include "core/base/units.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "core/base/duration.hpp"

namespace command_exporter {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

TEST_CASE("a duration is read as it is written") {
  struct Case {
    std::string_view text{};
    Duration value{};
    std::string_view written{};
  };

  const Case cases[] = {
      {"0s", seconds(0), "0s"},
      {"5s", seconds(5), "5s"},
      {"1m30s", seconds(90), "1m30s"},
      {"1min30s", seconds(90), "1m30s"},
      {"250ms", milliseconds(250), "250ms"},
      {"1.5s", milliseconds(1500), "1s500ms"},
      {"0.25h", minutes(15), "15m"},
      {"007s", seconds(7), "7s"},
      {"1.50s", milliseconds(1500), "1s500ms"},
      {"1w", hours(7 * 24), "7d"},
      {"2d", hours(48), "2d"},
      {"1h1m1s1ms1us1ns",
       hours(1) + minutes(1) + seconds(1) + milliseconds(1) + microseconds(1) +
           nanoseconds(1),
       "1h1m1s1ms1us1ns"},
      {"1.000000001s", seconds(1) + nanoseconds(1), "1s1ns"},
      {"90s", seconds(90), "1m30s"},
      {"9223372036854775807ns", Duration::max(),
       "106751d23h47m16s854ms775us"
       "807ns"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const auto value = ParseDuration(c.text);
    REQUIRE(value);
    CHECK(*value == c.value);
    CHECK(FormatDuration(*value) == c.written);
    const auto again = ParseDuration(c.written);
    REQUIRE(again);
    CHECK(*again == c.value);
  }
  CHECK(FormatDuration(-milliseconds(1500)) == "-1s500ms");
  CHECK(FormatDuration(Duration::min()).starts_with("-106751d"));
}

TEST_CASE("a bad duration is refused with what to write") {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", R"(an empty duration; write for example "5s")"},
      {"5", R"("5" has no unit; write for example "5s")"},
      {"1m30", R"("1m30" has no unit; write for example "1m30s")"},
      {"-5s",
       R"("-5s" is not a duration; write for example "5s", "1m30s" or "250ms")"},
      {"5 s",
       R"("5 s" is not a duration; write for example "5s", "1m30s" or "250ms")"},
      {"s",
       R"("s" is not a duration; write for example "5s", "1m30s" or "250ms")"},
      {"1.s",
       R"("1.s" is not a duration; write for example "5s", "1m30s" or "250ms")"},
      {".5s",
       R"(".5s" is not a duration; write for example "5s", "1m30s" or "250ms")"},
      {"1e3s",
       R"("1e3s" has the unknown unit "e"; the units are ns, us, ms, s, m, h, d and w, as in "1m30s")"},
      {"5sec",
       R"("5sec" has the unknown unit "sec"; the units are ns, us, ms, s, m, h, d and w, as in "1m30s")"},
      {"30s1m",
       R"("30s1m" has its units out of order; the larger comes first, as in "1m30s")"},
      {"1m1min",
       R"("1m1min" has its units out of order; the larger comes first, as in "1m30s")"},
      {"0.5ns",
       R"("0.5ns" cannot be held: it is longer than 292 years or finer than 1ns)"},
      {"1.0000000001s",
       R"("1.0000000001s" cannot be held: it is longer than 292 years or finer than 1ns)"},
      {"300000d",
       R"("300000d" cannot be held: it is longer than 292 years or finer than 1ns)"},
      {"15250w7d",
       R"("15250w7d" cannot be held: it is longer than 292 years or finer than 1ns)"},
      {"99999999999999999999s",
       R"("99999999999999999999s" cannot be held: it is longer than 292 years or finer than 1ns)"},
  };
  for (const auto& [text, message] : cases) {
    CAPTURE(text);
    const auto value = ParseDuration(text);
    REQUIRE_FALSE(value);
    CHECK(value.error().message == message);
  }
}

TEST_CASE("a quantity is read in its unit and given in the base unit") {
  struct Case {
    std::string_view unit{};
    std::string_view text{};
    double value{};
  };

  const Case cases[] = {
      {"ns", "5", 5e-9},
      {"us", "5us", 5e-6},
      {"ms", "0.042", 0.000042},
      {"ms", "12.3 ms", 0.0123},
      {"s", "1.5s", 1.5},
      {"min", "2", 120},
      {"h", "1.5h", 5400},
      {"d", "2", 172800},
      {"B", "17 B", 17},
      {"kB", "1.5kB", 1500},
      {"MB", "3", 3e6},
      {"GB", "0.1", 1e8},
      {"KiB", "16307276", 16307276.0 * 1024},
      {"MiB", "15924", 15924.0 * 1024 * 1024},
      {"GiB", "0.5", 536870912},
      {"TiB", "1", 1099511627776},
      {"percent", "57", 0.57},
      {"percent", "57%", 0.57},
      {"percent", "57 percent", 0.57},
      {"percent", "\t29.7 % ", 0.297},
      {"percent", "100", 1},
  };
  for (const Case& c : cases) {
    CAPTURE(c.unit, c.text);
    const Unit* const unit = FindUnit(c.unit);
    REQUIRE(unit != nullptr);
    const auto value = ParseQuantity(c.text, unit);
    REQUIRE(value);
    CHECK(*value == c.value);
  }
  CHECK(ParseQuantity(" 12 ", nullptr) == 12.0);
}

TEST_CASE("another unit than the declared one is no quantity") {
  CHECK_FALSE(ParseQuantity("5ms", FindUnit("s")));
  CHECK_FALSE(ParseQuantity("5s", FindUnit("ms")));
  CHECK_FALSE(ParseQuantity("10kB", FindUnit("B")));
  CHECK_FALSE(ParseQuantity("5 5%", FindUnit("percent")));
  CHECK_FALSE(ParseQuantity("%", FindUnit("percent")));
  CHECK_FALSE(ParseQuantity("5%%", FindUnit("percent")));
  CHECK_FALSE(ParseQuantity("", FindUnit("s")));
  CHECK_FALSE(ParseQuantity("5%", nullptr));
  CHECK_FALSE(ParseQuantity("1e308", FindUnit("TiB")));
}

TEST_CASE("units have unique names and a base unit") {
  std::set<std::string_view> names;
  for (const Unit& unit : Units()) {
    CAPTURE(unit.name);
    CHECK(names.insert(unit.name).second);
    CHECK(FindUnit(unit.name) == &unit);
    CHECK((unit.base == "seconds" || unit.base == "bytes" ||
           unit.base == "ratio"));
    const bool is_fixed = unit.kind == UnitKind::kFixed;
    CHECK(unit.spellings.empty() != is_fixed);
    // Its end must not be read as another spelling first.
    for (std::size_t i = 0; i < unit.spellings.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        CHECK_FALSE(unit.spellings[i].ends_with(unit.spellings[j]));
      }
    }
    CHECK((!is_fixed || std::ranges::find(unit.spellings, unit.name) !=
                            unit.spellings.end()));
  }
  CHECK(names.size() == 19);
  CHECK(FixedUnits().size() == 16);
  CHECK(FixedUnits().back().name == "percent");
  CHECK(FindUnit("weeks") == nullptr);
  CHECK(FindUnit("") == nullptr);
}

}  // namespace
}  // namespace command_exporter
