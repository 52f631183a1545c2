#include "collectors/examples/example_check.hpp"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/config/load.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/test_jq.hpp"

namespace command_exporter {
namespace {

std::string JoinLines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += line + "\n";
  }
  return text;
}

Config Parse(const std::string& text, const std::string& path = "t") {
  auto config = ParseConfig({.files = {{path, text}}});
  if (!config) {
    FAIL(JoinLines(config.error().lines));
  }
  return *std::move(config);
}

std::size_t CountExamples(const Config& config) {
  std::size_t examples = 0;
  for (const CollectorConfig& collector : config.collectors) {
    examples += collector.examples.size();
  }
  return examples;
}

// All differences, as they are printed.
std::string Tried(const std::string& text) {
  const Config config = Parse(text);
  CHECK(JoinLines(CheckExpectations(config)).empty());
  const ExampleReport report = TryExamples(test::Jq(), config);
  CHECK(report.tried == CountExamples(config));
  return JoinLines(report.differences);
}

const std::string kLoad = R"([[collector]]
name = "load"
command = ["false"]
format = "table"
header = false
columns = ["one", "five"]
metric = [{ name = "load_average", value = "one" }]
)";

std::string Load(const std::string& example) {
  return kLoad + "[[collector.example]]\n" + example;
}

TEST_CASE("an example that gives what it expects is no difference") {
  CHECK(Tried(kLoad).empty());
  CHECK(
      Tried(Load("output = '0.5 1'\nexpect = 'load_average 0.50'\n")).empty());
  CHECK(Tried(Load("output = 'x 1'\nexpect_error = 'parse'\n")).empty());
  CHECK(Tried(Load("output = 'x 1'\nexpect_error = 'parse:no number'\n"))
            .empty());
}

TEST_CASE("a difference names the example, what is missing and what came") {
  CHECK(Tried(Load("output = '0.5 1'\nexpect = 'load_average 5'\n")) ==
        R"(t:8:1: example of collector "load" does not give what it expects:
- load_average 5
+ load_average 0.5
)");
  CHECK(Tried(Load("output = '0.5 1'\nexpect = ''\n")) ==
        R"(t:8:1: example of collector "load" does not give what it expects:
+ # TYPE load_average gauge
+ load_average 0.5
)");
}

TEST_CASE("a run that fails, or should, is shown with reason and message") {
  CHECK(Tried(Load("output = 'x 1'\nexpect = 'load_average 5'\n")) ==
        R"(t:8:1: example of collector "load" does not give what it expects:
- load_average 5
+ failure, reason parse: line 1: metric "load_average": "x" in the field "one" is no number; if it means "not there", write missing = ["x"]
# the collector is at t:1:1
)");
  CHECK(Tried(Load("output = '0.5 1'\nexpect_error = 'missing'\n")) ==
        R"(t:8:1: example of collector "load" does not give what it expects:
- failure, reason missing
+ # TYPE load_average gauge
+ load_average 0.5
)");
  CHECK(Tried(Load("expect_error = 'parse: line 2'\n")) ==
        R"(t:8:1: example of collector "load" does not give what it expects:
- failure, reason parse: line 2
+ failure, reason missing: metric "load_average" got no sample: the output gave no row
# the collector is at t:1:1
)");
  CHECK(Tried(Load("expect_error = 'missing: got two samples'\n")) ==
        R"(t:8:1: example of collector "load" does not give what it expects:
- failure, reason missing: got two samples
+ failure, reason missing: metric "load_average" got no sample: the output gave no row
# the collector is at t:1:1
)");
}

TEST_CASE("an example goes the whole way of a run") {
  const auto fails = [](const std::string& keys, const std::string& error) {
    return Tried("[[collector]]\nname = 'a'\ncommand = ['false']\n" + keys +
                 "[[collector.example]]\noutput = '''\na 1\nb 2\n'''\n" +
                 "stderr = 'it broke'\n" + error + "\n");
  };
  CHECK(fails("", "expect = \"a 1\\nb 2\"").empty());
  CHECK(fails("",
              "exit_code = 3\nexpect_error = 'exit_status: status 3; last "
              "line on stderr: \"it broke\"'")
            .empty());
  CHECK(fails("success_exit_codes = [3]\n",
              "exit_code = 3\nexpect = \"a 1\\nb 2\"")
            .empty());
  CHECK(fails("fail_on_stderr = true\n", "expect_error = 'stderr: it broke'")
            .empty());
  CHECK(fails("max_output = '7B'\n", "expect_error = 'output_limit'").empty());
  CHECK(fails("max_samples = 1\n", "expect_error = 'sample_limit'").empty());
  CHECK(fails("drop_lines = '^b'\n", "expect = 'a 1'").empty());
  CHECK(fails("enabled = false\n", "expect = \"a 1\\nb 2\"").empty());
  CHECK(fails("format = 'nagios'\n",
              "exit_code = 2\nexpect = '''\n"
              "nagios_state{check=\"a\"} 2'''")
            .empty());
}

TEST_CASE("a sample that a scrape drops is absent, and is reported") {
  CHECK(Tried(R"([[collector]]
name = "a"
command = ["false"]
  [[collector.example]]
  output = """
up 1
good 1
scrape_x 1
old 1 1700000000000
"""
  expect = "good 2"
)") == R"(t:4:3: example of collector "a" does not give what it expects:
- good 2
+ good 1
# dropped 2 samples, reason reserved; the first: up: this name belongs to Prometheus or to this exporter; choose another
# dropped 1 sample, reason timestamp; the first: old: it has a timestamp; print it without one
)");
}

TEST_CASE("unmatched lines are shown beside a difference") {
  CHECK(Tried(R"([[collector]]
name = "a"
command = ["false"]
format = "regex"
pattern = '^load: ([0-9.]+)'
metric = [{ name = "load", on_missing = "skip" }]
  [[collector.example]]
  output = "Load: 1\nusers: 3\n"
  expect = "load 1"
)") == R"(t:7:3: example of collector "a" does not give what it expects:
- load 1
# 2 lines of the output did not match; the first: Load: 1
)");
}

TEST_CASE(
    "an example speaks of one instance of a matrix, by default the first") {
  const std::string collector = R"([[collector]]
name = "a"
command = ["echo", "{target}", "{port}"]
matrix = { target = ["x", "y"], port = [1, 2] }
format = "json"
metric = [{ name = "a_value", value = "v", labels = { at = "{target}" } }]
[[collector.example]]
output = '{"v": 3}'
)";
  CHECK(Tried(collector +
              "expect = 'a_value{at=\"x\",target=\"x\",port=\"1\"} 3'\n")
            .empty());
  CHECK(
      Tried(collector + "matrix = { target = 'y', port = 2 }\n"
                        "expect = 'a_value 3'\n") ==
      R"(t:7:1: example of collector "a" {port="2",target="y"} does not give what it expects:
- a_value 3
+ # TYPE a_value gauge
+ a_value{at="y",port="2",target="y"} 3
)");
}

TEST_CASE("control characters of an output do not reach the terminal") {
  CHECK(Tried("[[collector]]\nname = 'a'\ncommand = ['false']\n"
              "[[collector.example]]\noutput = \"a{b='\\u001b[31m'} 1\"\n"
              "expect = ''\n") ==
        R"(t:4:1: example of collector "a" does not give what it expects:
+ failure, reason parse: line 1: expected a label value in quotes at "b='\x1b[31m'} 1"; the line is "a{b='\x1b[31m'} 1"
# the collector is at t:1:1
)");
  CHECK(Tried("[[collector]]\nname = 'a'\ncommand = ['false']\n"
              "[[collector.example]]\n"
              "output = \"a{b=\\\"\\u001b[31m\\\"} 1\"\n"
              "expect = ''\n") ==
        R"(t:4:1: example of collector "a" does not give what it expects:
+ # TYPE a untyped
+ a{b="\x1b[31m"} 1
)");
}

TEST_CASE("an expectation that is no exposition is refused with its line") {
  const auto faults = [](const std::string& expect) {
    return JoinLines(CheckExpectations(Parse(Load(expect))));
  };
  const std::string what =
      "collector \"load\", example: expect is no exposition: ";
  CHECK(faults("expect = '''\na 1\n\nb x\n'''\n") ==
        "t:12:1: " + what + "line 3: \"x\" is not a number\n");
  CHECK(faults("expect = '''a 1\nb x'''\n") ==
        "t:10:1: " + what + "line 2: \"x\" is not a number\n");
  CHECK(faults("expect = 'b x'\n") ==
        "t:9:10: " + what + "line 1: \"x\" is not a number\n");
  // The lines of this text are not lines of the file.
  CHECK(faults("expect = \"a 1\\nb x\"\n") ==
        "t:9:10: " + what + "line 2: \"x\" is not a number\n");
}

std::string Delivered(const std::string& name) {
  std::ifstream file(std::string(test::kSourceFolder) + "/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("each collector of the delivered exporter.toml keeps its examples") {
  const std::string text = Delivered("exporter.toml");
  CHECK(Tried(text).empty());
  for (const CollectorConfig& collector : Parse(text).collectors) {
    INFO(collector.name);
    CHECK_FALSE(collector.examples.empty());
  }
}

TEST_CASE("the examples of docs/configuration.md give what they expect") {
  const std::string text = Delivered("docs/configuration.md");
  const std::string open = "```toml\n";
  std::size_t examples = 0;
  for (std::size_t at = text.find(open); at != std::string::npos;
       at = text.find(open, at + 1)) {
    const std::size_t begin = at + open.size();
    const std::string block =
        text.substr(begin, text.find("```", begin) - begin);
    CHECK(Tried(block).empty());
    examples += CountExamples(Parse(block));
  }
  CHECK(examples >= 2);
}

}  // namespace
}  // namespace command_exporter
