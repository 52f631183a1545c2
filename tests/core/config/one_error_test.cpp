// One mistake gives one error: what follows from a key that is misspelt or
// stands in a wrong table is not reported, too.
#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/text.hpp"
#include "tests/core/config/config_files.hpp"

namespace command_exporter {

namespace {

using test::ErrorsOf;
using test::JoinLines;

using Lines = std::vector<std::string>;

Lines LinesOf(std::string_view text) {
  Lines lines;
  std::string_view line;
  while (NextLine(text, line)) {
    lines.emplace_back(line);
  }
  return lines;
}

// The key that begins this line, with the blanks before it; empty if none.
std::string KeyOf(const std::string& line) {
  const std::size_t end = line.find(" = ");
  const std::string key =
      end == std::string::npos ? std::string{} : line.substr(0, end);
  return key.find_first_of("#'\"{") == std::string::npos ? key : std::string{};
}

// Misspelt in the middle: a letter less, one twice, two in the other order.
Lines Misspelt(const std::string& key) {
  const std::size_t middle = key.find_first_not_of(' ') + 1;
  Lines wrong = {key, key, key};
  wrong[0].erase(middle, 1);
  wrong[1].insert(middle, 1, key[middle]);
  std::swap(wrong[2][middle], wrong[2][middle + 1]);
  std::erase(wrong, key);
  return wrong;
}

void CheckMisspelt(const Lines& lines, std::size_t index) {
  const std::string key = KeyOf(lines[index]);
  if (Trim(key).size() < 4) {
    return;
  }
  for (const std::string& wrong : Misspelt(key)) {
    Lines changed = lines;
    changed[index].replace(0, key.size(), wrong);
    const Lines errors = LinesOf(ErrorsOf(JoinLines(changed)));
    INFO(JoinLines(errors));
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].find("did you mean " + Quote(Trim(key)) + "?") !=
          std::string::npos);
  }
}

const std::string kTable = R"([[collector]]
name = "a"
command = ["a", "{target}"]
matrix = { target = ["x"] }
format = "table"
columns = ["n", "b"]
unit = "ms"
labels = ["n"]
)";

const std::string kMetric = R"([[collector.metric]]
name = "a_seconds"
value = "b"
known = { n = ["x"] }
default = 0
)";

}  // namespace

TEST_CASE("a misspelt key is the only error") {
  std::size_t keys = 0;
  for (const char* const folder : {"good", "warned"}) {
    for (const auto& file : test::TomlFiles(folder)) {
      INFO(file.string());
      const Lines lines = LinesOf(test::ReadFile(file));
      for (std::size_t i = 0; i < lines.size(); ++i) {
        INFO(lines[i]);
        keys += KeyOf(lines[i]).empty() ? 0U : 1U;
        CheckMisspelt(lines, i);
      }
    }
  }
  CHECK(keys > 100);
}

TEST_CASE("a key of a collector below its metric is the only error") {
  const Lines lines = LinesOf(kTable);
  for (std::size_t i = 2; i < lines.size(); ++i) {
    Lines above = lines;
    above.erase(above.begin() + static_cast<std::ptrdiff_t>(i));
    const std::string text = JoinLines(above) + kMetric;
    INFO(lines[i]);
    if (lines[i].starts_with("unit") || lines[i].starts_with("labels")) {
      continue;  // a metric may have them
    }
    const Lines errors = LinesOf(ErrorsOf(text + lines[i] + "\n"));
    INFO(JoinLines(errors));
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].find("it belongs to [[collector]]") != std::string::npos);
  }
}

TEST_CASE("a key of a metric in its collector is the only error") {
  CHECK(ErrorsOf(kTable + "value = \"b\"\n[[collector.metric]]\n"
                          "name = \"a_seconds\"\n") ==
        "t:9:1: [[collector]] has no key \"value\"; it belongs to "
        "[[collector.metric]]: move it below a [[collector.metric]], or into "
        "the braces of metric = [{ ... }]\n");
}

TEST_CASE("a table that swallows keys of its collector is the only error") {
  CHECK(ErrorsOf("[[collector]]\nname = \"a\"\n[collector.env]\nA = \"x\"\n"
                 "command = [\"true\"]\n") ==
        "t:5:1: collector \"a\": \"command\" stands below the header of env "
        "and so is part of it: move it above that header, or write "
        "env = { ... }\n");
}

TEST_CASE("any table that swallows keys is reported once, without others") {
  for (const std::string table :
       {"env", "limits", "matrix", "fields", "labels", "where", "where_not"}) {
    INFO(table);
    const Lines errors = LinesOf(
        ErrorsOf("[[collector]]\nname = \"a\"\nformat = \"json\"\nmetric = "
                 "[{ name = \"a_count\", value = \"x\" }]\n[collector." +
                 table + "]\ncommand = [\"true\"]\n"));
    INFO(JoinLines(errors));
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].find("\"command\" stands below the header of " + table) !=
          std::string::npos);
  }
}

TEST_CASE("what stands outside of all collectors is not missing in them") {
  const std::string number = "[[collector]]\nname = \"a\"\n";
  const std::string format = "format = \"number\"\n";
  const std::string command = "command = [\"true\"]\n";
  const std::string metric = "metric = [{ name = \"a_count\" }]\n";
  for (const std::string& text :
       {command + number + format + metric,
        "[exporter]\n" + command + number + format + metric,
        "[exporter.defaults]\n" + format + number + command + metric,
        number + command + format + "[[metric]]\nname = \"a_count\"\n",
        number + command + format +
            "[[colector.metric]]\nname = \"a_count\"\n"}) {
    INFO(text);
    const Lines errors = LinesOf(ErrorsOf(text));
    INFO(JoinLines(errors));
    CHECK(errors.size() == 1);
  }
}

TEST_CASE("a misspelt key of another kind is the only error") {
  CHECK(ErrorsOf("[[collector]]\nname = \"a\"\ncommand = [\"true\"]\n"
                 "limit = 5\ncolumn = \"a\"\n") ==
        "t:4:1: [[collector]] has no key \"limit\"; did you mean \"limits\"?\n"
        "t:5:1: [[collector]] has no key \"column\"; did you mean "
        "\"columns\"?\n");
}

}  // namespace command_exporter
