// Durations as programs print them: each form that is read, and those that are
// refused because they mean two things or nothing.
#include "core/base/printed_duration.hpp"

#include <string_view>
#include <utility>

#include <catch2/catch.hpp>

#include "core/base/decimal_sum.hpp"

namespace command_exporter {
namespace {

constexpr double kMinute = 60;
constexpr double kHour = 3600;
constexpr double kDay = 86400;

using Values = std::pair<std::string_view, double>;

void CheckValues(std::span<const Values> cases) {
  for (const auto& [text, value] : cases) {
    CAPTURE(text);
    CHECK(ParsePrintedDuration(text, nullptr) == value);
  }
}

TEST_CASE("one number with a unit of time is a duration") {
  const Values cases[] = {
      {"30m", 30 * kMinute},
      {"90s", 90},
      {"-88us", -88e-6},
      {"+512ns", 512e-9},
      {"4743us", 0.004743},
      {"12\u00B5s", 12e-6},
      {"12\u03BCs", 12e-6},
      {"62.8 Minutes", 3768},
      {"0 Seconds", 0},
      {"30 min", 30 * kMinute},
      {"36h", 36 * kHour},
      {"1.5h", 1.5 * kHour},
      {"71d", 71 * kDay},
      {"2 Days", 2 * kDay},
      {"1 day", kDay},
      {"3w", 21 * kDay},
      {"2 weeks", 14 * kDay},
      {"1 Week", 7 * kDay},
      {"5 hr", 5 * kHour},
      {"5 hrs", 5 * kHour},
      {"5 Hours", 5 * kHour},
      {"7 sec", 7},
      {"7secs", 7},
      {"1 second", 1},
      {"1  second", 1},
      {"2 mins", 2 * kMinute},
      {"1 Minute", kMinute},
      {".5s", 0.5},
      {"5.s", 5},
      {"0.33333333333333333333 s", 0.33333333333333333333},
      {"1000000000000000000000 s", 1e21},
      {" 5s ", 5},
  };
  CheckValues(cases);
}

TEST_CASE("the parts of a duration fall in size, each once") {
  const Values cases[] = {
      {"1d2h", kDay + 2 * kHour},
      {"2d5h30m", 2 * kDay + 5 * kHour + 30 * kMinute},
      {"1h 30m", 90 * kMinute},
      {"1h  30 m", 90 * kMinute},
      {"1w2d", 9 * kDay},
      {"2 hours, 5 minutes", 2 * kHour + 5 * kMinute},
      {"895h+03m", 895 * kHour + 3 * kMinute},
      {"1m 1s 1ms 1us 1ns", 61.001001001},
      {"1s 0.1ms", 1.0001},
      {"-1h30m", -90 * kMinute},
      {"0h 0m", 0},
  };
  CheckValues(cases);
  for (const std::string_view text :
       {"1h1h", "1m2h", "1ms 1s", "1m 1min", "1d 1day", "1h,5m", "1h ,5m",
        "1h++5m", "1h + 5m", "1h,", "1h+", "1h, ", "h", "1h x", "1h 5", "5 1h",
        "+-1h", "- 1h"}) {
    CAPTURE(text);
    CHECK_FALSE(ParsePrintedDuration(text, FindUnit("s")));
  }
}

TEST_CASE("a clock has two colons, or one and a fraction of a second") {
  const Values cases[] = {
      {"01:09:48", kHour + 9 * kMinute + 48},
      {"71:00:00", 71 * kHour},
      {"1:02:03", kHour + 2 * kMinute + 3},
      {"00:00:00.5", 0.5},
      {"2-01:24:56", 2 * kDay + kHour + 24 * kMinute + 56},
      {"5 days, 03:04:05", 5 * kDay + 3 * kHour + 4 * kMinute + 5},
      {"1 day, 3:04:05", kDay + 3 * kHour + 4 * kMinute + 5},
      {"5 days 03:04:05", 5 * kDay + 3 * kHour + 4 * kMinute + 5},
      {"03:25.123", 205.123},
      {"123:25.5", 123 * kMinute + 25.5},
      {"-00:00:10", -10},
  };
  CheckValues(cases);
  for (const std::string_view text :
       {"01:02",       "123:45",          "1-02:03",         "5 days, 03:04",
        "25:61:00",    "00:00:60",        "00:60.5",         "1-24:00:00",
        "2-25:00:00",  "1 day, 24:00:00", "1:2:03",          "1:02:3",
        "1:02.5:03",   "01:02:03.",       "1-02:03.5",       "1.5:02:03",
        ":02:03",      "01:02:03:04",     "01:02:03 s",      "--01:24:56",
        "2d 03:04:05", "2 h, 03:04:05",   "5 days,03:04:05", "5days, 03:04:05",
        "-",           "1--02:03:04",     "01:02:",          "01:02:03h"}) {
    CAPTURE(text);
    CHECK_FALSE(ParsePrintedDuration(text, FindUnit("s")));
  }
}

TEST_CASE("a number without a unit of time needs bare, but for 0") {
  CHECK_FALSE(ParsePrintedDuration("194", nullptr));
  CHECK_FALSE(ParsePrintedDuration("10.0", nullptr));
  CHECK(ParsePrintedDuration("0", nullptr) == 0.0);
  CHECK(ParsePrintedDuration("0.00", nullptr) == 0.0);
  CHECK(ParsePrintedDuration("194", FindUnit("s")) == 194.0);
  CHECK(ParsePrintedDuration("-2.5", FindUnit("ms")) == -0.0025);
  CHECK(ParsePrintedDuration("2", FindUnit("d")) == 2 * kDay);
  CHECK(ParsePrintedDuration("30m", FindUnit("s")) == 30 * kMinute);
}

TEST_CASE("what has no fixed length or no meaning is no duration") {
  for (const std::string_view text :
       {"3M",
        "2y35d",
        "5 months",
        "1 month",
        "1 year",
        "1D",
        "1H",
        "5 S",
        "5 hours ago",
        "up 5 hours",
        "",
        " ",
        "1e3s",
        "5 SECONDS",
        "5 MIN",
        "1.2.3s",
        "nan",
        "inf",
        "5,5s",
        "1,234s",
        "5\xFFs",
        "1234567890123456789012345678901234567890 s"}) {
    CAPTURE(text);
    CHECK_FALSE(ParsePrintedDuration(text, nullptr));
  }
}

TEST_CASE("the decimal point of a duration moves exactly") {
  CHECK(ParsePrintedDuration("03:25.123", nullptr, 3) == 205123.0);
  CHECK(ParsePrintedDuration("57s", nullptr, -2) == 0.57);
}

TEST_CASE("a sum of decimals is rounded once, and never wraps") {
  DecimalSum sum;
  REQUIRE(sum.Add("0.1", 1));
  REQUIRE(sum.Add("0.2", 1));
  CHECK(sum.Value(0) == 0.3);
  REQUIRE(sum.Add("1", 1, 9));
  CHECK(sum.Value(0) == 0.300000001);
  CHECK(DecimalSum{}.Value(0) == 0.0);
  CHECK_FALSE(DecimalSum{}.Add("340282366920938463463374607431768211456", 1));
  CHECK_FALSE(DecimalSum{}.Add("340282366920938463463374607431768211455", 2));
  DecimalSum large;
  REQUIRE(large.Add("340282366920938463463374607431768211455", 1));
  CHECK_FALSE(large.Add("1", 1));
  DecimalSum aligned;
  REQUIRE(aligned.Add("340282366920938463463374607431768211455", 1));
  CHECK_FALSE(aligned.Add("0.1", 1));
}

}  // namespace
}  // namespace command_exporter
