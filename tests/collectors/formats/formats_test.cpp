// Small synthetic edge cases of the formats; golden/ has recorded outputs.
#include <chrono>
#include <string>

#include <catch2/catch.hpp>

#include "collectors/formats/format.hpp"
#include "collectors/line_filter.hpp"

namespace command_exporter {
namespace {

Pattern Compile(std::string_view expression) {
  auto pattern = Pattern::Compile(expression);
  REQUIRE(pattern);
  return *pattern;
}

// The field of a row, or "(none)".
std::string Field(const Rows& rows, std::size_t row, std::string_view name) {
  const std::size_t column = rows.FindColumn(name);
  if (column == Rows::kNoColumn) {
    return "(none)";
  }
  return std::string(rows.Get(row, column).value_or("(none)"));
}

TEST_CASE("number takes one number with blanks around it and nothing else") {
  const auto one = ParseNumberFormat({.out = "\n  12 \n\n"}, {});
  REQUIRE(one);
  CHECK(Field(*one, 0, "value") == "12");
  CHECK(one->line(0) == 2);

  const auto two = ParseNumberFormat({.out = "12\n13\n"}, {});
  REQUIRE_FALSE(two);
  CHECK(two.error().reason == Reason::kParse);
  CHECK(two.error().message ==
        "line 2: expected one number and nothing else, but there is also "
        "\"13\"");

  const auto none = ParseNumberFormat({.out = " \n"}, {});
  REQUIRE_FALSE(none);
  CHECK(none.error().reason == Reason::kParse);
}

TEST_CASE("key_value splits a line where a reader would") {
  const auto rows = ParseKeyValue({.out = "a=1\n"
                                          "b : 2\n"
                                          "c 3\r\n"
                                          "cpu MHz\t\t: 2400.000\n"
                                          "start=12:30\n"
                                          "empty:\n"
                                          "quoted = \"x \\\"y\\\"\\x21\"\n"},
                                  {});
  REQUIRE(rows);
  REQUIRE(rows->size() == 1);
  CHECK(Field(*rows, 0, "a") == "1");
  CHECK(Field(*rows, 0, "b") == "2");
  CHECK(Field(*rows, 0, "c") == "3");
  CHECK(Field(*rows, 0, "cpu MHz") == "2400.000");
  CHECK(Field(*rows, 0, "start") == "12:30");
  CHECK(Field(*rows, 0, "empty").empty());
  CHECK(Field(*rows, 0, "quoted") == "x \"y\"!");
  CHECK(rows->unmatched_lines == 0U);
}

TEST_CASE("key_value counts the lines that it cannot use and keeps the first") {
  const auto rows = ParseKeyValue({.out = "a=1\n\nnonsense\n=5\n"}, {});
  REQUIRE(rows);
  CHECK(rows->unmatched_lines == 2U);
  CHECK(rows->first_unmatched == "nonsense");
}

TEST_CASE("key_value with a separator splits there only") {
  FormatConfig config;
  config.separator = " => ";
  const auto rows = ParseKeyValue({.out = "a:b => 1=2\na=3\n"}, config);
  REQUIRE(rows);
  CHECK(Field(*rows, 0, "a:b") == "1=2");
  CHECK(rows->unmatched_lines == 1U);
}

TEST_CASE("key_value reads a record a line, and nothing but pairs in it") {
  FormatConfig config;
  config.record_per_line = true;
  const auto rows = ParseKeyValue(
      {.out = "level=info n=1 msg=\"a b\"\nWarning: n=2\nn=3 open=\"x\nn=4\n"},
      config);
  REQUIRE(rows);
  REQUIRE(rows->size() == 2);
  CHECK(Field(*rows, 0, "msg") == "a b");
  CHECK(Field(*rows, 0, "n") == "1");
  CHECK(Field(*rows, 1, "n") == "4");
  CHECK(Field(*rows, 1, "msg") == "(none)");
  CHECK(rows->line(1) == 4);
  CHECK(rows->unmatched_lines == 2U);
  CHECK(rows->first_unmatched == "Warning: n=2");
}

TEST_CASE("a record may have single quotes, which know no escapes") {
  FormatConfig config;
  config.record_per_line = true;
  const auto rows = ParseKeyValue({.out = "a='x y' b='' c='\"q\"' d='\\n'\n"
                                          "a='it's' b=2\n"
                                          "a='open b=2\n"
                                          "a='x'b='y'\n"
                                          "a=\"x\"b=\"y\"\n"
                                          "a=it's b=''\t\r\n"},
                                  config);
  REQUIRE(rows);
  REQUIRE(rows->size() == 2);
  CHECK(Field(*rows, 0, "a") == "x y");
  CHECK(Field(*rows, 0, "b").empty());
  CHECK(Field(*rows, 0, "c") == "\"q\"");
  CHECK(Field(*rows, 0, "d") == "\\n");
  CHECK(Field(*rows, 1, "a") == "it's");
  CHECK(rows->unmatched_lines == 4U);
  CHECK(rows->first_unmatched == "a='it's' b=2");
}

TEST_CASE("a key that stands there twice is noted with its second line") {
  const auto rows = ParseKeyValue({.out = "a=1\nb=2\na=3\n"}, {});
  REQUIRE(rows);
  CHECK(Field(*rows, 0, "a") == "1");
  CHECK(rows->RepeatLine("a") == 3);
  CHECK(rows->RepeatLine("b") == 0);
}

TEST_CASE("a table whose rows have one field more than the header has rows") {
  const auto rows =
      ParseTable({.out = "      total used\nMem:      3    2\nSwap:     1\n"},
                 {.trim = ":"});
  REQUIRE(rows);
  CHECK(Field(*rows, 0, "row") == "Mem");
  CHECK(Field(*rows, 0, "used") == "2");
  CHECK(Field(*rows, 1, "total") == "1");
  CHECK(Field(*rows, 1, "used") == "(none)");
}

TEST_CASE("a row longer than the header fails with its line") {
  const auto rows = ParseTable({.out = "a b\n1 2\n\n1 2 3\n"}, {});
  REQUIRE_FALSE(rows);
  CHECK(rows.error().reason == Reason::kParse);
  CHECK(rows.error().message ==
        "line 4 has 3 fields, but the header has 2 (set columns?): "
        "\"1 2 3\"");
}

TEST_CASE("with columns the last takes the rest and _ discards") {
  FormatConfig config;
  config.columns = {"size", "_", "_", "mount"};
  config.header = false;
  const auto rows =
      ParseTable({.out = " 5 x y /mnt/My Disk  \n6 x y /\n"}, config);
  REQUIRE(rows);
  CHECK(Field(*rows, 0, "size") == "5");
  CHECK(Field(*rows, 0, "mount") == "/mnt/My Disk");
  CHECK(Field(*rows, 0, "_") == "(none)");
  CHECK(Field(*rows, 1, "mount") == "/");

  config.header = true;
  const auto headed =
      ParseTable({.out = "Size A B Mount\n   7 x y /\n"}, config);
  REQUIRE(headed);
  REQUIRE(headed->size() == 1);
  CHECK(Field(*headed, 0, "size") == "7");
}

TEST_CASE("a table with a separator keeps empty fields") {
  FormatConfig config;
  config.separator = "|";
  const auto rows =
      ParseTable({.out = "name | n | note\na b|1|\n|2| x \n"}, config);
  REQUIRE(rows);
  CHECK(Field(*rows, 0, "name") == "a b");
  CHECK(Field(*rows, 0, "note").empty());
  CHECK(Field(*rows, 1, "name").empty());
  CHECK(Field(*rows, 1, "note") == "x");
}

TEST_CASE("a name that a header has twice is noted") {
  const auto rows = ParseTable({.out = "Local Address Foreign Address\n"}, {});
  REQUIRE(rows);
  CHECK(rows->RepeatLine("Address") == 1);
}

TEST_CASE("regex gives a row for every match of every line") {
  FormatConfig config;
  config.format = Format::kRegex;
  config.pattern = Compile("(?P<k>[a-z])(?P<v>[0-9])?");
  const auto rows = ParseRegex({.out = "a1 b\n--\nc3\n"}, config);
  REQUIRE(rows);
  REQUIRE(rows->size() == 3);
  CHECK(Field(*rows, 1, "k") == "b");
  CHECK(Field(*rows, 1, "v") == "(none)");
  CHECK(Field(*rows, 2, "v") == "3");
  CHECK(rows->line(2) == 3);
  CHECK(rows->unmatched_lines == 1U);
  CHECK(rows->first_unmatched == "--");
}

TEST_CASE("a separator of several blanks is so many or more") {
  FormatConfig config;
  config.separator = "  ";
  const auto rows = ParseTable({.out = "NAME    LAST SEEN  N\n"
                                       "  a b   2 days     1\n"
                                       "c       now        2\n"},
                               config);
  REQUIRE(rows);
  CHECK(Field(*rows, 0, "NAME") == "a b");
  CHECK(Field(*rows, 0, "LAST SEEN") == "2 days");
  CHECK(Field(*rows, 0, "N") == "1");
  CHECK(Field(*rows, 1, "LAST SEEN") == "now");
  CHECK(Field(*rows, 1, "N") == "2");
  config.separator = " ";
  const auto single = ParseTable({.out = "a b c\n1  3\n"}, config);
  REQUIRE(single);
  CHECK(Field(*single, 0, "b").empty());
  CHECK(Field(*single, 0, "c") == "3");
}

TEST_CASE("a pattern with one plain group gives the field value") {
  const auto rows =
      ParsePattern({.out = "x\nloss\n57% of\nall"}, Compile("([0-9]+)%"), true);
  REQUIRE(rows);
  REQUIRE(rows->size() == 1);
  CHECK(Field(*rows, 0, "value") == "57");
  CHECK(rows->line(0) == 3);
  CHECK_FALSE(rows->unmatched_lines);
}

TEST_CASE("a pattern that matches nothing at all ends all the same") {
  CHECK(ParsePattern({.out = "ab"}, Compile("x*"), true)->size() == 3);
  CHECK(ParsePattern({.out = "ab\n"}, Compile(""), false)->size() == 3);
  CHECK(ParsePattern({.out = "\xC3\xA9\xFF"}, Compile("x*"), true)->size() ==
        3);
}

TEST_CASE("line filters keep the numbers of the raw lines") {
  FormatConfig config;
  config.skip_lines = 1;
  config.keep_lines = Compile("=");
  config.drop_lines = Compile("^#");
  const FilteredLines lines =
      FilterLines("x=1\n# y=2\r\nz\na=b\n\nc=d", config);
  CHECK(lines.text == "a=b\nc=d\n");
  CHECK(lines.raw_lines == std::vector<std::uint32_t>{4, 6});
  CHECK(BlankLines("x=1\n#=\na=b", config) == "\n\na=b\n");

  FormatConfig table;
  table.columns = {"a"};
  table.header = false;
  const auto rows =
      ParseTable({.out = lines.text, .raw_lines = lines.raw_lines}, table);
  REQUIRE(rows);
  CHECK(rows->line(1) == 6);
}

TEST_CASE("a row that begins with its last column is read as fast as any") {
  std::string header = "  ";
  std::string row = "x";
  for (int i = 100'000; i < 200'000; ++i) {
    header += " c" + std::to_string(i);
    row += "       1";
  }
  const std::string out = header + "\n" + row;
  const auto begin = std::chrono::steady_clock::now();
  REQUIRE(ParseTable({.out = out}, {}));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(3));
}

}  // namespace
}  // namespace command_exporter
