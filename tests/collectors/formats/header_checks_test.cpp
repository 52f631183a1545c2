// Headers that do not fit `columns`, come again, or are rows.
#include <string>

#include <catch2/catch.hpp>

#include "tests/collectors/read_output.hpp"

namespace command_exporter {
namespace {

using test::Read;

const std::string kTable = "format = \"table\"\n";
const std::string kPipes = kTable + "separator = \"|\"\n";
const std::string kCsv = "format = \"csv\"\n";

// Rows of three fields, in each of the formats.
struct Layout {
  std::string keys{};
  std::string separator{};
};

const std::vector<Layout>& Layouts() {
  static const std::vector<Layout> layouts = {
      {kTable, "   "}, {kTable + "separator = \"  \"\n", "   "},
      {kPipes, "|"},   {kTable + "separator = \" \"\n", " "},
      {kCsv, ","},     {kTable + "separator = \"\\t\"\n", "\t"}};
  return layouts;
}

// Aligned where blanks are the separator.
std::string Line(const Layout& layout, const std::string& a,
                 const std::string& b, const std::string& c) {
  constexpr std::size_t kWidth = 12;
  std::string line;
  for (const std::string& cell : {a, b}) {
    const std::size_t begin = line.size();
    line += cell + layout.separator;
    if (layout.separator == "   ") {
      line.resize(begin + kWidth, ' ');
    }
  }
  return line + c + "\n";
}

const std::string kCount =
    "metric = [{ name = \"m\", aggregate = \"count\" }]\n";
const std::string kLooksLikeRow =
    "parse: line 1 looks like a row: write header = false if the output has no "
    "header line, or header = true if it has one";

TEST_CASE("a first row is not swallowed as the header of columns") {
  for (const Layout& layout : Layouts()) {
    const std::string keys =
        layout.keys + "columns = [\"name\", \"size\", \"kind\"]\n";
    INFO(keys);
    for (const std::string value : {"1", "12%", "1.5G", "10.0.0.1", "-7"}) {
      const std::string rows =
          Line(layout, "n", value, "x") + Line(layout, "p", value, "y");
      CHECK(Read(keys + kCount, rows) == kLooksLikeRow);
      CHECK(Read(keys + "header = true\n" + kCount, rows) == "m 1\n");
      CHECK(Read(keys + "header = false\n" + kCount, rows) == "m 2\n");
    }
    // A header has one of the names, or no number.
    const std::string row = Line(layout, "n", "1", "x");
    CHECK(Read(keys + kCount, Line(layout, "NAME", "1", "2") + row) == "m 1\n");
    CHECK(Read(keys + kCount, Line(layout, "aaa", "1K-blocks", "c") + row) ==
          "m 1\n");
  }
}

TEST_CASE("an output of only a header says so") {
  const std::string metric = "metric = [{ name = \"m\", value = \"b\" }]\n";
  const std::string message =
      "missing: metric \"m\" got no sample: the output gave no row; line 2 was "
      "read as the header: if it is a row, write header = false and columns";
  CHECK(Read(kTable + "skip_lines = 1\n" + metric, "x\na b\n") == message);
  CHECK(Read(kPipes + "skip_lines = 1\n" + metric, "x\na|b\n") == message);
  CHECK(Read(kCsv + "skip_lines = 1\n" + metric, "x\na,b\n") == message);
  CHECK(Read(kTable + metric, "").ends_with("the output gave no row"));
}

TEST_CASE("columns with the names of the header in another order fail") {
  for (const Layout& layout : Layouts()) {
    INFO(layout.keys);
    const std::string out = Line(layout, "NAME", "SIZE", "USED") +
                            Line(layout, "disk", "100", "40");
    CHECK(Read(layout.keys + "columns = [\"NAME\", \"USED\", \"SIZE\"]\n" +
                   kCount,
               out) ==
          "parse: line 1: \"USED\" is the header's 3rd name, here the 2nd: "
          "write columns in the order of the header, with \"_\" for what you "
          "do not need, or another name");
    // Small letters, own names and an explicit header make no difference.
    CHECK(Read(layout.keys +
                   "header = true\ncolumns = [\"used\", \"disk\", "
                   "\"_\"]\n" +
                   kCount,
               out)
              .starts_with("parse: line 1: \"used\" is the header's 3rd name, "
                           "here the 1st: "));
    CHECK(Read(layout.keys + "columns = [\"disk\", \"size\", \"_\"]\n" + kCount,
               out) == "m 1\n");
  }
  CHECK(Read(kPipes + "columns = [\"name\", \"used\"]\n" + kCount,
             "name|size|used\ndisk|100|40\n")
            .starts_with("parse: line 1: \"used\" is the header's 3rd name"));
}

TEST_CASE("a name within a name of several words is in its order") {
  const std::string out =
      "CONTAINER ID  SIZE  Mounted on\n"
      "1a2b3c        5     /\n"
      "1a2b3cd       6     /x\n";
  CHECK(Read(kTable + "columns = [\"id\", \"size\", \"on\"]\n" + kCount, out) ==
        "m 2\n");
  CHECK(Read(kTable + "columns = [\"id\", \"mount\", \"size\"]\n" + kCount, out)
            .starts_with("parse: line 1: \"size\" is the header's "));
}

TEST_CASE("a header that comes again is no row") {
  for (const Layout& layout : Layouts()) {
    const std::string header = Line(layout, "PID", "CMD", "X");
    const std::string out = header + Line(layout, "1", "sh", "y") + header +
                            Line(layout, "2", "sh", "y");
    for (const std::string columns :
         {"", "columns = [\"PID\", \"CMD\", \"X\"]\n",
          "columns = [\"id\", \"_\", \"_\"]\n",
          "columns = [\"id\", \"cmd\", \"_\"]\n"}) {
      INFO(layout.keys + columns);
      CHECK(Read(layout.keys + columns + kCount, out) ==
            "parse: line 3 repeats the header: remove all header lines with "
            "drop_lines and write header = false and columns, or cut the "
            "output with record");
    }
  }
}

TEST_CASE("a header is no row where none is expected") {
  for (const Layout& layout : Layouts()) {
    const std::string keys =
        layout.keys + "columns = [\"a\", \"b\", \"c\"]\nheader = false\n" +
        kCount;
    INFO(keys);
    CHECK(
        Read(keys, Line(layout, "a", "b", "c") + Line(layout, "1", "2", "3")) ==
        "parse: line 1 has the names of columns, so it is a header: remove "
        "header = false, or this line with skip_lines or drop_lines");
    CHECK(Read(keys, Line(layout, "a", "b", "3")) == "m 1\n");
  }
  CHECK(Read(kCsv + "columns = [\"a\"]\nheader = false\n" + kCount, "a\n") ==
        "m 1\n");
}

TEST_CASE("a separated table has row names only if its header shows them") {
  const std::string metric =
      "metric = [{ name = \"m\", value = \"A\", labels = [\"row\"] }]\n";
  CHECK(Read(kPipes + metric, "|A|B\nx|1|2\ny|3|4\n") ==
        "m{row=\"x\"} 1\nm{row=\"y\"} 3\n");
  CHECK(Read(kPipes + metric, "A|B\nx|1|2\n") ==
        "parse: line 2 has 3 fields, but the header has 2 (set columns?): "
        "\"x|1|2\"");
  CHECK(Read(kTable + "separator = \" \"\n" + kCount, "A B\nx  1\n")
            .starts_with("parse: line 2 has 3 fields, but the header has 2"));
  // A border on the left names nothing.
  CHECK(Read(kPipes + metric, "| row | A |\n| x | 1 |\n") ==
        "m{row=\"x\"} 1\n");
}

}  // namespace
}  // namespace command_exporter
