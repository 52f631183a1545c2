// OutputReader: the path from an output to samples beyond a single format, and
// the limits of the input.
#include "collectors/output_reader.hpp"

#include <algorithm>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>

#include <catch2/catch.hpp>

#include "core/metrics/scrape_registry.hpp"
#include "core/metrics/writing/openmetrics_writer.hpp"
#include "tests/collectors/read_output.hpp"

namespace command_exporter {
namespace {

using test::Read;

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

TEST_CASE("a number in the place of an exposition leads to format number") {
  const std::string hint =
      "; for one number set format = \"number\" and add a metric";
  CHECK(Read("", "50\n") ==
        "parse: line 1: expected a metric name at \"50\"" + hint);
  for (const char* const keys : {"", "format = \"prometheus\"\n"}) {
    for (const char* const out : {" -1.5e3\n", "7", "\n42\n\n", "93%\n"}) {
      INFO(out);
      CHECK(Read(keys, out).ends_with(hint));
    }
    CHECK_FALSE(Read(keys, "50 users\n").ends_with(hint));
  }
}

TEST_CASE("an empty pattern of where matches the empty field") {
  const std::string keys =
      "format = \"csv\"\nmetric = [{ name = \"m\", value = \"n\", "
      "where = { u = \"\" } }]\n";
  CHECK(Read(keys, "n,u\n1,a\n2,\n3,b\n") == "m 2\n");
}

TEST_CASE("a separator behind the last field shifts no column") {
  const std::string keys =
      "format = \"table\"\nseparator = \";\"\n"
      "metric = [{ name = \"m\", value = \"n\" }]\n";
  CHECK(Read(keys, "n;v;\n5;7;\n") == "m 5\n");
  CHECK(Read(keys, ";n;v\nfirst;5;7\n") == "m 5\n");
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
  const std::string where = " in the field \"a b\" is no number in percent";
  CHECK(Read(keys, "1,5% x") ==
        "parse: line 1: metric \"m_ratio\": \"1,5%\"" + where +
            "; a decimal comma is not read: does the command set a locale of "
            "its own?");
  CHECK(Read(keys, "1,234.5 x") ==
        "parse: line 1: metric \"m_ratio\": \"1,234.5\"" + where +
            "; if \",\" parts its thousands, set grouping = \",\"");
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

TEST_CASE("a plugin's state stays, whatever becomes of its data") {
  const std::string metric =
      "format = \"nagios\"\nmetric = [{ name = \"s\", value = \"state\" }, "
      "{ name = \"m\", where = { label = \"a\" } }]";
  CHECK(Read(metric, "OK|a=1") == "s 0\nm 1\n");
  CHECK(Read(metric, "OK") == "s 0\n");
  CHECK(Read(metric, "OK|a=1 a=2") == "s 0\nm 1\n");
  CHECK(Read("format = \"nagios\"", "OK|a=nan b=1") ==
        "nagios_state{check=\"test\"} 0\n"
        "nagios_perfdata{check=\"test\",label=\"b\",unit=\"\"} 1\n");
  const std::string no_state =
      "format = \"nagios\"\nmetric = [{ name = \"m\", where = { label = "
      "\"a\" } }]";
  CHECK(Read(no_state, "OK|b=1") ==
        "missing: metric \"m\" got no sample: its where stopped all 2 rows");
}

TEST_CASE("a metric of a plugin that got no sample is counted as dropped") {
  const auto config = test::LoadKeys(
      "format = \"nagios\"\nmetric = [{ name = \"s\", value = \"state\" }, "
      "{ name = \"m\", where = { label = \"a\" } }]");
  REQUIRE(config);
  const Outcome outcome = test::ReadWith(*config, "OK|a=x", 2);
  CHECK_FALSE(outcome.failure);
  CHECK(outcome.samples == 1);
  const auto value = static_cast<std::size_t>(DropReason::kValue);
  CHECK(outcome.drops.counts[value] == 2);
  CHECK(outcome.drops.first[value] ==
        "line 1: \"a\": the value \"x\" is no number");
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
    const auto config = test::LoadKeys(keys);
    REQUIRE(config);
    const double one = SecondsFor(*config, line, 4'000);
    const double ten = SecondsFor(*config, line, 40'000);
    CHECK(ten < 5 * 10 * one);  // a hundred times, if it were quadratic
  }
}

}  // namespace
}  // namespace command_exporter
