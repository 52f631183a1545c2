// Numbers in the form that their metric declares: groups, bases, suffixes and
// the spellings of fixed units.
#include "core/base/number_form.hpp"

#include <string_view>
#include <utility>

#include <catch2/catch.hpp>

#include "core/base/digit_groups.hpp"

namespace command_exporter {
namespace {

TEST_CASE("digits have groups of exactly three, or none") {
  struct Case {
    char grouping{};
    std::string_view text{};
    double value{};
  };

  const Case cases[] = {
      {',', "203,913,228", 203913228},
      {',', "1,234.5", 1234.5},
      {',', "-1,234", -1234},
      {',', "+12,345", 12345},
      {',', "123,456", 123456},
      {',', "203913228", 203913228},
      {',', "0.25", 0.25},
      {',', "0", 0},
      {'.', "0", 0},
      {',', "007", 7},
      {',', "10,000", 10000},
      {',', "12", 12},
      {'.', "1.234.567", 1234567},
      {'.', "1.234", 1234},
      {'.', "1234", 1234},
      {'\'', "1'234'567.5", 1234567.5},
      {'_', "1_000_000", 1000000},
      {' ', "1 234 567", 1234567},
      {' ', " 1 234 ", 1234},
  };
  for (const Case& c : cases) {
    CAPTURE(c.grouping, c.text);
    CHECK(ReadNumber(c.text, {.grouping = c.grouping}) == c.value);
  }
  const std::pair<char, std::string_view> refused[] = {
      {',', "12,34"},     {',', "1,2345"},   {',', "1234,567"},
      {',', ",123"},      {',', "1,"},       {',', "1,23"},
      {',', "1,,234"},    {',', "1,234e3"},  {',', "1,234.5,6"},
      {',', "1.2,345"},   {',', "1'234"},    {',', "a,234"},
      {',', "1,2a4"},     {',', "1,234.5x"}, {',', "-,123"},
      {',', "0,123"},     {',', "000,123"},  {',', "-0,123"},
      {',', "0,123,456"}, {'.', "0.123"},    {'.', "012.345"},
      {',', "0,000"},     {' ', "0 512"},    {'\'', "00'512"},
      {',', "1.234.5"},   {'.', "1.5"},      {'.', "0.25"},
      {'.', "1.234,5"},   {'.', "1.234.5"},  {' ', "1  234"},
      {' ', "1 23"},      {'_', "1_"},       {'\'', "'123"},
  };
  for (const auto& [grouping, text] : refused) {
    CAPTURE(grouping, text);
    CHECK_FALSE(ReadNumber(text, {.grouping = grouping}));
  }
  CHECK_FALSE(ReadNumber("1,234", {}));
}

TEST_CASE("a number with a unit may have groups") {
  CHECK_FALSE(
      ReadNumber("0,512 GiB", {.unit = FindUnit("GiB"), .grouping = ','}));
  CHECK_FALSE(ReadNumber("0,512 GiB",
                         {.unit = FindUnit("size_1024"), .grouping = ','}));
  CHECK(ReadNumber("1,234 kB", {.unit = FindUnit("KiB"), .grouping = ','}) ==
        1263616.0);
  CHECK(ReadNumber("1,234%", {.unit = FindUnit("percent"), .grouping = ','}) ==
        12.34);
  CHECK(ReadNumber("1.234 ms", {.unit = FindUnit("ms"), .grouping = '.'}) ==
        1.234);
  CHECK_FALSE(ReadNumber("1e308", {.unit = FindUnit("TiB"), .grouping = ','}));
}

TEST_CASE("the length of a number ends before its unit") {
  CHECK(NumberLength("10.5T", '\0') == 4);
  CHECK(NumberLength("5E", '\0') == 1);
  CHECK(NumberLength("5E3", '\0') == 3);
  CHECK(NumberLength("5e-3 s", '\0') == 4);
  CHECK(NumberLength("5E3B", '\0') == 1);
  CHECK(NumberLength("-.5x", '\0') == 3);
  CHECK(NumberLength("-.x", '\0') == 0);
  CHECK(NumberLength("x", '\0') == 0);
  CHECK(NumberLength("", '\0') == 0);
  CHECK(NumberLength("+", '\0') == 0);
  CHECK(NumberLength("1,234K", '\0') == 1);
  CHECK(NumberLength("1,234K", ',') == 5);
  CHECK(NumberLength("1 234 K", ' ') == 5);
  CHECK(NumberLength(",5", ',') == 0);
}

TEST_CASE("a whole number may be in another base") {
  struct Case {
    int base{};
    std::string_view text{};
    double value{};
  };

  const Case cases[] = {
      {16, "0x1F", 31}, {16, "0X1f", 31},
      {16, "ff", 255},  {16, "10", 16},
      {16, "0b1", 177}, {8, "0o17", 15},
      {8, "017", 15},   {8, "22", 18},
      {2, "0b101", 5},  {2, "101", 5},
      {2, "0", 0},      {10, "1.5", 1.5},
      {16, " 0x9 ", 9}, {16, "ffffffffffffffff", 18446744073709551615.0},
  };
  for (const Case& c : cases) {
    CAPTURE(c.base, c.text);
    CHECK(ReadNumber(c.text, {.base = c.base}) == c.value);
  }
  CHECK(ReadNumber("0x10", {.base = 16}, 3) == 16000.0);
  const std::pair<int, std::string_view> refused[] = {
      {16, "-1"},    {16, "+1"},
      {16, "1.5"},   {16, "0x"},
      {16, ""},      {16, "0xg"},
      {16, "0x-1"},  {16, "x1"},
      {16, "0o17"},  {8, "8"},
      {8, "0x17"},   {8, "1e3"},
      {2, "2"},      {2, "0x1"},
      {2, "1 1"},    {16, "inf"},
      {16, "0x0x1"}, {16, "10000000000000000"},  // more than 64 bits
  };
  for (const auto& [base, text] : refused) {
    CAPTURE(base, text);
    CHECK_FALSE(ReadNumber(text, {.base = base}));
  }
}

TEST_CASE("a suffix may follow the number, with or without a blank") {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"W", "46W"},   {"W", "46 W"},
      {"W", "46"},    {"\u00B0C", "46\u00B0C"},
      {"/s", "46/s"}, {"degrees C", "46 degrees C"},
  };
  for (const auto& [suffix, text] : cases) {
    CAPTURE(suffix, text);
    CHECK(ReadNumber(text, {.suffix = suffix}) == 46.0);
  }
  for (const std::string_view text :
       {"46 V", "W", "", "W46", "46 WW", "46 w"}) {
    CAPTURE(text);
    CHECK_FALSE(ReadNumber(text, {.suffix = "W"}));
  }
  CHECK(ReadNumber("0x1F Hz", {.suffix = "Hz", .base = 16}) == 31.0);
  CHECK(ReadNumber("1,234 rpm", {.suffix = "rpm", .grouping = ','}) == 1234.0);
}

TEST_CASE("a unit of a size is no suffix of another one") {
  const NumberForm form{
      .unit = FindUnit("size_1000"), .bare = FindUnit("B"), .suffix = "iB"};
  CHECK(ReadNumber("5KiB", form) == 5120.0);
}

TEST_CASE("a fixed unit takes its own words and letters only") {
  struct Case {
    std::string_view unit{};
    std::string_view text{};
    double value{};
  };

  const Case cases[] = {
      {"percent", "10.0 Percent", 0.1},
      {"percent", "10 percent", 0.1},
      {"KiB", "2K", 2048},
      {"KiB", "2k", 2048},
      {"KiB", "2Ki", 2048},
      {"KiB", "2 kB", 2048},
      {"MiB", "2M", 2097152},
      {"MiB", "2m", 2097152},
      {"MiB", "2Mi", 2097152},
      {"GiB", "2g", 2147483648},
      {"GiB", "2G", 2147483648},
      {"GiB", "2 Gi", 2147483648},
      {"TiB", "1t", 1099511627776},
      {"TiB", "1T", 1099511627776},
      {"TiB", "1Ti", 1099511627776},
      {"kB", "2k", 2000},
      {"kB", "2KB", 2000},
      {"kB", "2K", 2000},
      {"MB", "2M", 2e6},
      {"GB", "2G", 2e9},
      {"B", "5 bytes", 5},
      {"B", "5 Bytes", 5},
      {"min", "2 Minutes", 120},
      {"min", "2 mins", 120},
      {"s", "5 seconds", 5},
      {"s", "5 Sec", 5},
      {"s", "5 secs", 5},
      {"h", "2 hours", 7200},
      {"h", "2hrs", 7200},
      {"h", "2 Hr", 7200},
      {"d", "2 days", 172800},
      {"d", "1 Day", 86400},
      {"us", "5\u00B5s", 5e-6},
      {"us", "5 \u03BCs", 5e-6},
  };
  for (const Case& c : cases) {
    CAPTURE(c.unit, c.text);
    CHECK(ReadNumber(c.text, {.unit = FindUnit(c.unit)}) == c.value);
  }
  const std::pair<std::string_view, std::string_view> refused[] = {
      {"min", "2m"},
      {"MB", "5MiB"},
      {"MB", "5m"},
      {"GB", "5g"},
      {"GB", "5Gi"},
      {"MiB", "5MB"},
      {"GiB", "410Mi"},
      {"KiB", "5M"},
      {"KiB", "5KB"},
      {"B", "5kB"},
      {"s", "5ms"},
      {"s", "5 min"},
      {"h", "5m"},
      {"d", "5D"},
      {"B", "5b"},
      {"percent", "5 %%"},
      {"TiB", "28.7G"},
      {"s", "5 S"},
      {"percent", "5 PERCENT"},
      {"ms", "5\u00B5s"},
      {"min", "min"},
      {"h", "5 hours ago"},
  };
  for (const auto& [unit, text] : refused) {
    CAPTURE(unit, text);
    CHECK_FALSE(ReadNumber(text, {.unit = FindUnit(unit)}));
    CHECK_FALSE(ParseQuantity(text, FindUnit(unit)));
  }
}

}  // namespace
}  // namespace command_exporter
