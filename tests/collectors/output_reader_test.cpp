// OutputReader: the path from an output to samples beyond a single format, and
// the limits of the input.
#include "collectors/output_reader.hpp"

#include <algorithm>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>

#include <catch2/catch.hpp>

#include "core/config/load.hpp"
#include "core/metrics/scrape_registry.hpp"
#include "core/metrics/writing/openmetrics_writer.hpp"
#include "core/metrics/writing/text_writer.hpp"
#include "tests/support/test_jq.hpp"

namespace command_exporter {
namespace {

// `keys` are the keys of a collector, as TOML.
Result<Config, ConfigErrors> Load(const std::string& keys) {
  return ParseConfig({.files = {{"c.toml",
                                 "[[collector]]\nname = \"test\"\n"
                                 "command = [\"true\"]\n" +
                                     keys}}});
}

// The samples, or "reason: message".
std::string Read(const std::string& keys, const std::string& out) {
  const auto config = Load(keys);
  if (!config) {
    return config.error().lines.front();
  }
  Outcome outcome;
  const CollectorConfig& collector = config->collectors.front();
  OutputReader(collector, {}, MakeJqProgram(test::Jq(), collector.format))
      .Read(out, 0, outcome);
  if (outcome.failure) {
    return std::string(Name(outcome.failure->reason)) + ": " +
           outcome.failure->message;
  }
  std::string text;
  TextWriter::Append(outcome.families, text);
  std::string samples;
  while (!text.empty()) {
    const std::size_t end = text.find('\n') + 1;
    samples += text.starts_with('#') ? "" : text.substr(0, end);
    text = text.substr(end);
  }
  return samples;
}

TEST_CASE("a byte order mark is skipped in every format") {
  const std::string mark = "\xEF\xBB\xBF";
  const std::string metric = "metric = [{ name = \"m\", value = \"v\" }]\n";
  CHECK(Read("format = \"number\"\nmetric = [{ name = \"m\" }]", mark + "1") ==
        "m 1\n");
  CHECK(Read("format = \"key_value\"\n" + metric, mark + "v=1") == "m 1\n");
  CHECK(Read("format = \"table\"\n" + metric, mark + "v w\n1 2\n") == "m 1\n");
  CHECK(Read("format = \"csv\"\n" + metric, mark + "\"v\",w\r\n1,2\r\n") ==
        "m 1\n");
  CHECK(Read("format = \"json\"\n" + metric, mark + "{\"v\":1}") == "m 1\n");
  CHECK(Read("format = \"regex\"\npattern = '^(?P<v>\\d)'\n" + metric,
             mark + "1") == "m 1\n");
  CHECK(Read("format = \"prometheus\"", mark + "m 1") == "m 1\n");
  CHECK(Read("format = \"table\"\nkeep_lines = '^v|1'\n" + metric,
             mark + "v w\n1 2\n") == "m 1\n");
}

TEST_CASE("too many lines are not read") {
  const std::string count =
      "metric = [{ name = \"m\", aggregate = \"count\" }]\n";
  std::string lines;
  for (int i = 0; i < 1'000'000; ++i) {
    lines += "a\n";
  }
  const std::string too_many =
      "output_limit: the output has more than 1000000 lines; let the command "
      "print less, or raise max_samples, of which four times as many are read";
  CHECK(Read("format = \"regex\"\npattern = 'a'\n" + count, lines) ==
        "m 1000000\n");
  CHECK(Read("format = \"prometheus\"",
             std::string(1'000'000, '\n') + "m 1\n") == too_many);
  lines += "a\n";
  CHECK(Read("format = \"regex\"\npattern = 'a'\n" + count, lines) == too_many);
  CHECK(
      Read("max_samples = 300000\nformat = \"regex\"\npattern = 'a'\n" + count,
           lines) == "m 1000001\n");
  CHECK(Read("format = \"exit_code\"\nmetric = [{ name = \"m\" }]", lines) ==
        "m 0\n");
}

TEST_CASE("a pattern that matches too often is not followed") {
  const std::string metric =
      "metric = [{ name = \"m\", aggregate = \"count\" }]\n";
  const std::string text(1'000'001, 'a');
  const std::string too_often =
      "sample_limit: the pattern matches more than 1000000 times; make it "
      "match less, or raise max_samples";
  CHECK(Read("format = \"regex\"\npattern = 'a'\n" + metric, text) ==
        too_often);
  CHECK(Read("format = \"regex\"\nscope = \"text\"\npattern = 'a'\n" + metric,
             text) == too_often);
  CHECK(Read("format = \"regex\"\nmetric = [{ name = \"m\", pattern = 'a', "
             "aggregate = \"count\" }]\n",
             text) == too_often);
}

TEST_CASE("a pattern that reads on to the end for each match is cut off") {
  const std::string keys =
      "format = \"regex\"\ntimeout = \"200ms\"\n"
      "pattern = 'a(?:[^c]*c)?'\n";
  const std::string count =
      "metric = [{ name = \"m\", aggregate = \"count\" }]\n";
  const std::string text(1'000'000, 'a');
  const std::string message = "timeout: the pattern was not through the output";
  CHECK(Read(keys + count, text).starts_with(message));
  CHECK(Read(keys + "scope = \"text\"\n" + count, text).starts_with(message));
  CHECK(Read(keys + count, "aaa") == "m 3\n");
}

TEST_CASE("a pattern over the whole text sees lines from Windows as others") {
  const std::string keys =
      "format = \"regex\"\nscope = \"text\"\n"
      "pattern = '(?m)^length: (\\d+)$'\n"
      "metric = [{ name = \"m\", labels = { line = \"{_line}\" } }]\n";
  CHECK(Read(keys, "type: x\nlength: 12\n") == "m{line=\"2\"} 12\n");
  CHECK(Read(keys, "type: x\r\nlength: 12\r\n") == "m{line=\"2\"} 12\n");
}

TEST_CASE("a line of csv with very many fields is read in one go") {
  const std::string line = std::string(1'000'000, ',') + "\n";
  const std::clock_t started = std::clock();
  CHECK(Read("format = \"csv\"\n"
             "metric = [{ name = \"m\", aggregate = \"count\" }]\n",
             line + line) == "m 1\n");
  constexpr std::clock_t kManySeconds = 5;
  CHECK(std::clock() - started < kManySeconds * CLOCKS_PER_SEC);
}

TEST_CASE("the line that is no exposition is shown") {
  const std::string keys = "format = \"prometheus\"\n";
  CHECK(Read(keys, "a 1\ncp: cannot stat 'x'\r\n") ==
        "parse: line 2: \"cannot\" is not a number; the line is \"cp: cannot "
        "stat 'x'\"");
  CHECK(Read(keys, "\n<html>\n") ==
        "parse: line 2: expected a metric name at \"<html>\"");
  CHECK(Read(keys + "skip_lines = 1\n", "junk x\na x\n") ==
        "parse: line 2: \"x\" is not a number; the line is \"a x\"");
  CHECK(Read(keys, "a 1\na 1\n") == "duplicate: line 2: a stands there twice");
}

TEST_CASE("a separator behind the last field shifts no column") {
  const std::string keys =
      "format = \"table\"\nseparator = \";\"\n"
      "metric = [{ name = \"m\", value = \"n\" }]\n";
  CHECK(Read(keys, "n;v;\n5;7;\n") == "m 5\n");
  CHECK(Read(keys, "n;v\nfirst;5;7\n") == "m 5\n");
  CHECK(Read(keys, "n;v\n5;7;\n") ==
        "parse: line 2 has 3 fields, but the header has 2 (set columns?): "
        "\"5;7;\"");
}

TEST_CASE("a number that nobody can see to be none is shown as bytes") {
  const std::string keys = "format = \"number\"\nmetric = [{ name = \"m\" }]";
  CHECK(Read(keys, "5\xC2\xA0") ==
        R"(parse: line 1: metric "m": "5\xc2\xa0" in the field "value" is no )"
        "number");
}

TEST_CASE("commas in a number are named as what they are") {
  const std::string keys =
      "format = \"table\"\ncolumns = [\"a b\", \"c\"]\nheader = false\n"
      "metric = [{ name = \"m_ratio\", value = \"a b\", unit = \"percent\" }]";
  const std::string hint =
      " in the field \"a b\" is no number in percent; a decimal comma and "
      "commas between digits are not read: does the command set a locale of "
      "its own?";
  CHECK(Read(keys, "1,5% x") ==
        "parse: line 1: metric \"m_ratio\": \"1,5%\"" + hint);
  CHECK(Read(keys, "1,234.5 x") ==
        "parse: line 1: metric \"m_ratio\": \"1,234.5\"" + hint);
  CHECK(Read("format = \"key_value\"\nmetric = [{ name = \"m\", value = "
             "\"a b\" }]",
             "a b:") ==
        "parse: line 1: metric \"m\": \"\" in the field \"a b\" is no number; "
        "to leave such rows out, write where = { \"a b\" = \".+\" }");
}

TEST_CASE("a field of json that is null all over is not called unknown") {
  CHECK(Read("format = \"json\"\nfields = { x = \".b\", w = \".a\" }\n"
             "metric = [{ name = \"m\", value = \"x\" }]",
             "{\"a\":1,\"b\":null}") ==
        "missing: metric \"m\" got no sample: no row has the field \"x\"");
}

TEST_CASE("a value of performance data that is no number is shown whole") {
  const std::string rest = "\" is no number";
  for (const std::string value : {"Us", "nan", "-nan", "1e400s", "0,5s"}) {
    CHECK(Read("format = \"nagios\"", "OK|a=" + value + ";1;2") ==
          "parse: line 1: \"a\": the value \"" + value + rest);
  }
}

double ProcessorSeconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         static_cast<double>(now.tv_nsec) / 1e9;
}

// Seconds of processor time from an output of `lines` lines, each with a "#"
// for its number, to the answer. The smallest of three, because disturbances
// only add.
double SecondsFor(const Config& config, std::string_view line, int lines) {
  std::string out = "name value\n";
  for (int i = 0; i < lines; ++i) {
    out += line;
    out.replace(out.find('#', out.size() - line.size()), 1, std::to_string(i));
  }
  const CollectorConfig& collector = config.collectors.front();
  const auto program = MakeJqProgram(test::Jq(), collector.format);
  double least = 1e9;
  for (int i = 0; i < 3; ++i) {
    const double begin = ProcessorSeconds();
    Outcome outcome;
    OutputReader(collector, {}, program).Read(out, 0, outcome);
    REQUIRE_FALSE(outcome.failure);
    REQUIRE(outcome.samples == static_cast<std::size_t>(lines));
    ScrapeRegistry registry;
    CHECK(registry.Add(std::move(outcome.families)).total() == 0);
    std::string answer;
    OpenMetricsWriter::Append(registry.Take(), answer);
    least = std::min(least, ProcessorSeconds() - begin);
  }
  return least;
}

TEST_CASE("an output that is ten times as long takes ten times as long") {
  const std::string metric =
      "max_samples = 100000\nmetric = [{ name = \"m\", labels = [\"name\"] "
      "}]\n";
  const std::pair<std::string, std::string_view> cases[] = {
      {"format = \"table\"\nseparator = \" \"\n" + metric, "a# 1\n"},
      {"format = \"table\"\nheader = false\nskip_lines = 1\n"
       "columns = [\"name\", \"value\"]\n" +
           metric,
       "a# 1\n"},
      {"format = \"csv\"\nseparator = \" \"\n" + metric, "a# 1\n"},
      {"format = \"key_value\"\nrecords = \"line\"\n" + metric,
       "name=a# value=1\n"},
      {"format = \"regex\"\npattern = '^(?P<name>a\\d+) (?P<value>\\d+)'\n" +
           metric,
       "a# 1\n"},
      {"format = \"json\"\nskip_lines = 1\n" + metric,
       "{\"name\":\"a#\",\"value\":1}\n"},
      {"format = \"prometheus\"\nskip_lines = 1\nmax_samples = 100000\n",
       "m{name=\"a#\"} 1\n"},
  };
  for (const auto& [keys, line] : cases) {
    CAPTURE(keys);
    const auto config = Load(keys);
    REQUIRE(config);
    const double one = SecondsFor(*config, line, 4'000);
    const double ten = SecondsFor(*config, line, 40'000);
    CHECK(ten < 5 * 10 * one);  // a hundred times, if it were quadratic
  }
}

}  // namespace
}  // namespace command_exporter
