// Messages for texts that are no numbers: they name what may follow the number,
// or the key that reads such a spelling.
#include "collectors/mapping/number_hints.hpp"

#include <catch2/catch.hpp>

namespace command_exporter {
namespace {

std::string Hint(std::string_view text, std::string_view unit,
                 std::string_view bare = {}) {
  return NumberHint(text, {.unit = FindUnit(unit), .bare = FindUnit(bare)});
}

TEST_CASE("a number with a unit that was not declared names the units") {
  CHECK(NumberHint("12%", {}) == "; if it is meant, set unit = \"percent\"");
  CHECK(NumberHint("10.0 Percent", {}) ==
        "; if it is meant, set unit = \"percent\"");
  CHECK(NumberHint("28.7G", {}) ==
        "; if it is meant, set unit = \"GB\", \"GiB\", \"size_1024\" or "
        "\"size_1000\"");
  CHECK(NumberHint("410Mi", {}) ==
        "; if it is meant, set unit = \"MiB\", \"size_1024\" or \"size_1000\"");
  CHECK(NumberHint("2.5g", {}) ==
        "; if it is meant, set unit = \"GiB\" or \"size_1024\"");
  CHECK(NumberHint("01:09:48", {}) ==
        "; if it is meant, set unit = \"duration\"");
  CHECK(NumberHint("30 min", {}) ==
        "; if it is meant, set unit = \"min\" or \"duration\"");
}

TEST_CASE("a number with another unit names what may follow it") {
  CHECK(Hint("28.7T", "GiB") ==
        "; behind the number may stand \"GiB\", \"Gi\", \"G\" or \"g\"; if it "
        "is meant, set unit = \"TiB\", \"size_1024\" or \"size_1000\"");
  CHECK(Hint("5 furlongs", "s") ==
        "; behind the number may stand \"seconds\", \"second\", \"secs\", "
        "\"sec\" or \"s\"");
  CHECK(Hint("46 degrees C", "percent") ==
        "; behind the number may stand \"%\" or \"percent\"");
  CHECK(Hint("1.2M/s", "size_1024") ==
        "; behind the number may stand B, bytes, or one of K, M, G, T, P, E, "
        "alone or before B, i or iB");
  CHECK(Hint("38m", "size_1000") ==
        "; behind the number may stand B, bytes, or one of K, M, G, T, P, E, "
        "alone or before B, i or iB; m, g, t, p and e alone are not read; if "
        "it is meant, set unit = \"MiB\", \"size_1024\" or \"duration\"");
  CHECK(NumberHint("46 V", {.suffix = "W"}) ==
        "; behind the number may stand \"W\"");
  CHECK(NumberHint("46 V", {.unit = FindUnit("size_1000"), .suffix = "/s"}) ==
        "; behind the number may stand B, bytes, or one of K, M, G, T, P, E, "
        "alone or before B, i or iB; m, g, t, p and e alone are not read; then "
        "\"/s\"");
}

TEST_CASE("an unknown word behind a number may be a suffix") {
  CHECK(NumberHint("46 degrees C", {}) ==
        "; if \"degrees C\" can be ignored, set suffix = \"degrees C\"");
  CHECK(NumberHint("12 rpm2", {}).empty());
  CHECK(NumberHint("5\xC2\xA0", {}).empty());  // nobody can see it
}

TEST_CASE("a number without the unit that it needs names bare") {
  CHECK(Hint("512", "size_1024") ==
        "; it has no unit: name the one that is meant, such as bare = \"B\"");
  CHECK(Hint("194", "duration") ==
        "; it has no unit: name the one that is meant, such as bare = \"s\"");
}

TEST_CASE("a duration with two meanings, or none, says so") {
  CHECK(Hint("01:02", "duration") ==
        "; it may be hours and minutes, or minutes and seconds: take it apart "
        "with format \"regex\"");
  CHECK(Hint("1-02:03", "duration") == Hint("01:02", "duration"));
  CHECK(Hint("2y35d", "duration") == "; months and years have no fixed length");
  CHECK(Hint("3M", "duration") == Hint("5 months", "duration"));
  CHECK(Hint("5 hours ago", "duration") ==
        "; it may be one or several numbers, each followed by ns, us, ms, s, "
        "m, h, d, w or a word such as minutes, or a clock such as 01:09:48 or "
        "2-01:24:56");
}

TEST_CASE("only whole words name a month or a year") {
  const std::string clock = Hint("01:02", "duration");
  const std::string units = Hint("5 hours ago", "duration");
  const std::string no_length = "; months and years have no fixed length";
  for (const std::string_view text :
       {"3 days,  2:03", "1 day, 2:03", "12 days,22:03", "1 day 2:03"}) {
    CAPTURE(text);
    CHECK(Hint(text, "duration") == clock);
  }
  for (const std::string_view text :
       {"5 days ago", "5 Min.", "5 Minutes!", "3 Monday", "5 eyes",
        "3 days at 2:03 or so", "5 Mb"}) {
    CAPTURE(text);
    CHECK(Hint(text, "duration") == units);
  }
  for (const std::string_view text :
       {"1y", "1 yr", "2yrs", "1 Year ago", "5 years", "3M", "5mon",
        "1 month, 2 days", "12 Months", "1y2d", "1 year, 3 days, 2:03:04 h"}) {
    CAPTURE(text);
    CHECK(Hint(text, "duration") == no_length);
  }
}

TEST_CASE("groups and commas are named as what they may be") {
  const std::string comma =
      "; a decimal comma is not read: does the command set a locale of its "
      "own?";
  CHECK(NumberHint("0,98", {}) == comma);
  CHECK(NumberHint("203,913,228", {}) ==
        "; if \",\" parts its thousands, set grouping = \",\"");
  CHECK(NumberHint("1,234.5", {}) ==
        "; if \",\" parts its thousands, set grouping = \",\"");
  CHECK(NumberHint("1,234", {}) ==
        "; if \",\" parts its thousands, set grouping = \",\"" + comma);
  CHECK(NumberHint("1.234.567", {}) ==
        "; if \".\" parts its thousands, set grouping = \".\"");
  CHECK(Hint("1,5%", "percent") == comma);
  CHECK(Hint("1,234K", "size_1024") ==
        "; if \",\" parts its thousands, set grouping = \",\"" + comma);
}

TEST_CASE("a number below 1 has no thousands to group") {
  const std::string comma =
      "; a decimal comma is not read: does the command set a locale of its "
      "own?";
  CHECK(NumberHint("0,123", {}) == comma);
  CHECK(NumberHint("000,123", {}) == comma);
  CHECK(NumberHint("0,123", {.grouping = ','}) == comma);
  CHECK(NumberHint("1,23", {.grouping = ','}) == comma);
  CHECK(Hint("0,512 GiB", "size_1024") == comma);
  CHECK(NumberHint("0,512 GiB",
                   {.unit = FindUnit("size_1024"), .grouping = ','}) == comma);
  CHECK(NumberHint("0.123", {.grouping = '.'}) ==
        "; with grouping = \".\" a point parts thousands and begins no "
        "fraction");
}

TEST_CASE("a number of another base names the base") {
  CHECK(NumberHint("0x1F", {}) == "; if it is meant, set base = 16");
  CHECK(NumberHint("0b1", {}) == "; if it is meant, set base = 2");
  CHECK(NumberHint("0o17", {.base = 16}) == "; if it is meant, set base = 8");
  CHECK(NumberHint("12g", {.base = 16}).empty());
}

TEST_CASE("what is no number at all has no hint, nor has one too large") {
  for (const std::string_view text : {"", "-", "N/A", "DOWN", "1e999"}) {
    CAPTURE(text);
    CHECK(NumberHint(text, {}).empty());
    CHECK(Hint(text, "s").empty());
  }
}

}  // namespace
}  // namespace command_exporter
