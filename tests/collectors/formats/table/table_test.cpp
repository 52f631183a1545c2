// The rules of aligned tables, one by one; golden/ and the generated tables try
// them together.
#include <string>

#include <catch2/catch.hpp>

#include "collectors/formats/escape_sequences.hpp"
#include "collectors/formats/format.hpp"

namespace command_exporter {
namespace {

// "name=cell name=cell | ..." with "name?" for names in doubt, or the message.
std::string Read(std::string_view out, const FormatConfig& config = {}) {
  const auto rows = ParseTable({.out = out}, config);
  if (!rows) {
    return rows.error().message;
  }
  std::string text;
  for (std::size_t row = 0; row < rows->size(); ++row) {
    text += row > 0 ? " | " : "";
    for (const Rows::Cell& cell : rows->Cells(row)) {
      text += text.empty() || text.ends_with(' ') ? "" : " ";
      text += rows->columns()[cell.column] + "=" + std::string(cell.value);
    }
  }
  for (std::size_t column = 0; column < rows->columns().size(); ++column) {
    text += rows->FindDoubt(column) == nullptr
                ? ""
                : " " + rows->columns()[column] + "?";
  }
  return text;
}

constexpr std::string_view kHeader = "NAME  SIZE  STATE  AGE\n";

std::string ReadRows(const std::string& rows) {
  return Read(std::string(kHeader) + rows);
}

TEST_CASE("a blank cell is absent, and those behind it keep their names") {
  CHECK(ReadRows("a        1  up       3\n") == "NAME=a SIZE=1 STATE=up AGE=3");
  CHECK(ReadRows("a           up       3\n") == "NAME=a STATE=up AGE=3");
  CHECK(ReadRows("      1024           3\n") == "SIZE=1024 AGE=3");
}

TEST_CASE("a long value pushes the rest of its line") {
  CHECK(ReadRows("a-long-name     1  up       3\n") ==
        "NAME=a-long-name SIZE=1 STATE=up AGE=3");
}

TEST_CASE("a field that may have been pushed leaves its names in doubt") {
  const std::string read = ReadRows("abcdefgh     up\n");
  CHECK(read == "STATE=up NAME? SIZE?");
}

TEST_CASE("what is not certain fails with the way out") {
  CHECK(ReadRows("a\n").starts_with("line 2 has only \"a\": if the line was"));
  CHECK(ReadRows("a 1 up 3\n")
            .starts_with("line 2: the fields do not stand under their names; "
                         "if nothing is aligned, write separator = \" \""));
  CHECK(ReadRows("a     1024  up     3  x\n")
            .starts_with("line 2 has 5 fields, but the header has 4"));
  CHECK(ReadRows("a     12 34\n")
            .starts_with("line 2: \"12\" and \"34\" stand under \"SIZE\"; if "
                         "cells hold single blanks, write separator = \"  \""));
}

TEST_CASE("a row with tabs is read in order if every name has its field") {
  CHECK(Read("name\tsize\tused\nsda\t10\t3\nlong-name-1\t5\t4\n") ==
        "name=sda size=10 used=3 | name=long-name-1 size=5 used=4");
  // Tabs as filling: to the next stop, however many that takes.
  CHECK(Read("NAME\t\tSIZE\tUSED\na\t\t5\t3\nlong-name-1\t5\t3\n") ==
        "NAME=a SIZE=5 USED=3 | NAME=long-name-1 SIZE=5 USED=3");
  CHECK(Read("Interface\tRX\tTX\neth0\t\t5\t6\nwlp0s20f3\t7\t8\n") ==
        "Interface=eth0 RX=5 TX=6 | Interface=wlp0s20f3 RX=7 TX=8");
  CHECK(Read("\tNAME    SIZE\n\ta          1\n\t           2\n") ==
        "NAME=a SIZE=1 | SIZE=2");
  CHECK(Read("\tcpu\tmem\na\t5\t7\nb\t6\t8\n") ==
        "row=a cpu=5 mem=7 | row=b cpu=6 mem=8");
}

TEST_CASE("a row with tabs in which a cell may be blank fails") {
  const std::string tabs =
      ": tabs stand between names or fields, so places do not show which "
      "belong together: write separator = \"\\t\" if one tab ends each cell; ";
  CHECK(Read("name\tsize\tused\nsda\t10\t3\nnvme0n1p\t5\t\n")
            .starts_with("line 3" + tabs));
  CHECK(Read("hostname\tcpu\tmem\nlonghost1\t3\t4\nweb1\t\t7\n")
            .starts_with("line 3" + tabs));
  const std::string header = "a\tb\tc\n";
  for (const std::string_view row :
       {"web 1\t\t7", "1\t\t2", "\t1\t2", "1\t2\t", "1\t\t", "\t\t7",
        "longlong 5\t7", "\t1\t2\t3", "1       2       3"}) {
    INFO(row);
    CHECK(Read(header + std::string(row) + "\n").starts_with("line 2" + tabs));
  }
  // An empty name, or a cell that is filled up.
  CHECK(Read("a\t\tb\tc\n1\t2\t\t3\n").starts_with("line 2" + tabs));
  CHECK(Read("a\t\tb\tc\nlong-one1\t2\t3\t\n").starts_with("line 2" + tabs));
  CHECK(Read("NAME      SIZE\tUSED\nmy disk   \t5\n")
            .starts_with("line 2" + tabs));
  CHECK(
      Read("NAME    SIZE    USED\na       \t3\n").starts_with("line 2" + tabs));
}

TEST_CASE("tabs are judged in front of the rest, and the rest may have some") {
  FormatConfig config;
  config.columns = {"n", "v", "_"};
  const std::string header = "n\tv\ta\tb\n";
  CHECK(Read(header + "x\t5\t7\t\t8\n", config) == "n=x v=5");
  CHECK(Read(header + "x\t\t7\t8\n", config).starts_with("line 2: tabs"));
  config.columns[0] = "longname1";
  CHECK(Read("longname1\tv\ta\tb\nx\t\t7\t8\n", config)
            .starts_with("line 2: tabs"));
  config.columns = {"pid", "tty", "cmd"};
  CHECK(Read("PID  TTY   CMD\n  1        init\t--a\n", config) ==
        "pid=1 cmd=init\t--a");
  CHECK(Read("PID\tTTY\tCMD\n1\t\tmy disk\n", config)
            .starts_with("line 2: tabs"));
}

TEST_CASE("the advice for a wrong row with tabs names the tab as separator") {
  CHECK(Read("host\tcpu\nweb 1\t5\n")
            .starts_with("line 2 has 3 fields, but the header has 2: write "
                         "separator = \"\\t\" if one tab ends each cell"));
  FormatConfig config;
  config.columns = {"a", "b", "c"};
  config.header = false;
  CHECK(Read("1\t2\n", config)
            .starts_with("line 1 has 2 of 3 fields, and no header shows which: "
                         "write separator = \"\\t\" if one tab ends"));
}

TEST_CASE("columns may have names of several words") {
  FormatConfig config;
  config.columns = {"Name/IP Address", "_", "_", "Freq Skew"};
  const std::string out =
      "Name/IP Address  NP  NR  Freq Skew\n"
      "192.0.2.1        12   7      1.250\n"
      "192.0.2.2             9      0.004\n";
  CHECK(Read(out, config) ==
        "Name/IP Address=192.0.2.1 Freq Skew=1.250 | "
        "Name/IP Address=192.0.2.2 Freq Skew=0.004");
  config.columns = {"source", "points", "runs", "skew"};
  CHECK(Read(out, config) ==
        "source=192.0.2.1 points=12 runs=7 skew=1.250 | "
        "source=192.0.2.2 runs=9 skew=0.004");
  config.columns = {"Name/IP Address", "_", "Freq Skew"};
  CHECK(Read(out, config) ==
        "line 2: \"12\" and \"7\" stand under \"_\"; write one \"_\" for each "
        "column");
  config.columns = {"source", "points", "runs"};
  CHECK(Read(out, config)
            .starts_with("line 1 is the header with 6 names for 3 columns: "
                         "write columns as the header has them, or skip it"));
}

TEST_CASE("own names for a header with more words need a full row") {
  FormatConfig config;
  config.columns = {"device", "size", "mount"};
  const std::string header = "Filesystem  Size Mounted on\n";
  CHECK(Read(header + "/dev/sda1     10 /my disk\n", config) ==
        "device=/dev/sda1 size=10 mount=/my disk");
  CHECK(Read(header + "/dev/sda1        /my disk\n", config)
            .starts_with("line 1: it is not clear which words of the header"));
}

TEST_CASE("a single row that is full by chance does not show the names") {
  FormatConfig config;
  config.columns = {"size", "status", "zone", "device", "ports"};
  const std::string header =
      "SIZE   STATUS          ZONE               DEVICE STATE PORTS\n";
  const std::string row =
      "s30zo4 246dtk5azot:/5- 2/07xsvhq2egm.:ya-        sc99. fr6:\n";
  CHECK(Read(header + row, config)
            .starts_with("line 1: it is not clear which words of the header"));
}

TEST_CASE("a row is not pushed if a field begins where the rest does") {
  FormatConfig config;
  config.columns = {"a", "b", "c", "d", "e", "f"};
  CHECK(Read(" USED Node Data%       #PV        Use% Avail\n"
             " :7fh nh7  n9hl/.ti58c0o6qv/ 29        zj64a /6if0\n",
             config)
            .starts_with("line 2: "));
}

TEST_CASE("short rows are left out or read from the left if that is said") {
  FormatConfig config;
  config.columns = {"a", "b", "c"};
  config.header = false;
  CHECK(Read("1 2 3\n4 5\n", config)
            .starts_with("line 2 has 2 of 3 fields, and no header shows"));
  config.short_rows = ShortRows::kSkip;
  const auto rows = ParseTable({.out = "1 2 3\n4 5\n"}, config);
  REQUIRE(rows);
  CHECK(rows->size() == 1);
  CHECK(rows->unmatched_lines == 1U);
  CHECK(rows->first_unmatched == "4 5");
  config.short_rows = ShortRows::kLeft;
  CHECK(Read("1 2 3\n4 5\n", config) == "a=1 b=2 c=3 | a=4 b=5");
  config.separator = "|";
  CHECK(Read("1|2|3\n4|5\n", config) == "a=1 b=2 c=3 | a=4 b=5");
  config.short_rows = ShortRows::kFail;
  CHECK(Read("1|2|3\n4|5\n", config)
            .starts_with("line 2 has 2 of 3 fields: remove such lines"));
}

TEST_CASE("a mark in front of a row is no field if that is said") {
  FormatConfig config;
  config.columns = {"unit", "state"};
  config.header = false;
  const std::string out = "  a.service up\n\u25CF b.service failed\n";
  CHECK(
      Read(out, config) ==
      "line 2 begins with the mark \"\u25CF\": write marks = \"\u25CF\" if it "
      "is no field, marks = \"\" if it is one");
  config.marks = "*\u25CF";
  CHECK(Read(out, config) ==
        "unit=a.service state=up | unit=b.service state=failed");
  config.marks = "";
  CHECK(Read("* b\n", config) == "unit=* state=b");
  config.marks.reset();
  CHECK(Read("* 5\n", config) == "unit=* state=5");
  CHECK(Read("* b\n", config).starts_with("line 1 begins with the mark"));
}

TEST_CASE("the lines of a drawn tree are not part of the first field") {
  CHECK(Read("NAME    SIZE    RO\n"
             "sda      10G     0\n"
             "\u251C\u2500sda1   1G     0\n"
             "\u2514\u2500sda2          0\n") ==
        "NAME=sda SIZE=10G RO=0 | NAME=sda1 SIZE=1G RO=0 | NAME=sda2 RO=0");
}

TEST_CASE("text beyond ASCII may be padded by bytes or by columns") {
  const std::string header = "NAME      STATE  N\n";
  const std::string three = "NAME=\u540D\u524D STATE=up N=1";
  CHECK(Read(header + "\u540D\u524D    up     1\n") == three);  // six bytes
  CHECK(Read(header + "\u540D\u524D      up     1\n") ==
        three);  // four columns
  CHECK(Read(header + "\u540D\u524D        up     1\n") ==
        three);  // characters
}

TEST_CASE("escape sequences are removed, and what only begins like one stays") {
  CHECK(WithoutEscapes("\x1b[1;32mup\x1b[0m \x1b]8;;http://x\x07y\x1b]8;;\x1b\\"
                       "\x1b(B") == "up y");
  CHECK(WithoutEscapes("a\x1b[12\nb\x1b]0;t\nc\x1b") ==
        "a\x1b[12\nb\x1b]0;t\nc\x1b");
}

}  // namespace
}  // namespace command_exporter
