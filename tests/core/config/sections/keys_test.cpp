// The values, defaults and inheritance of the keys.
#include <catch2/catch.hpp>

#include "core/config/sections/sections.hpp"
#include "tests/core/config/config_files.hpp"
#include "tests/support/paths.hpp"

namespace command_exporter {

namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

Config Parse(const std::string& text) {
  auto config = test::ParseText(text);
  INFO(test::ErrorsOf(text));
  REQUIRE(config.has_value());
  return *std::move(config);
}

Config ParseFixture(const std::string& name) {
  return Parse(test::ReadFile(test::FixtureFolder() / "good" / name));
}

std::vector<std::string> LabelTexts(const MetricConfig& metric) {
  std::vector<std::string> texts;
  for (const LabelTemplate& label : metric.labels) {
    texts.push_back(label.name + "=" + label.text);
  }
  return texts;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("an empty file is a configuration of defaults") {
  const Config config = Parse("");
  CHECK(config.collectors.empty());
  CHECK(config.scrape_timeout == 10s);
  CHECK(config.min_interval == 0s);
  CHECK(config.warnings.size() == 1);  // it is seldom intended
}

TEST_CASE("a collector has the documented defaults") {
  const Config config = ParseFixture("minimal.toml");
  REQUIRE(config.collectors.size() == 1);
  const CollectorConfig& collector = config.collectors[0];
  CHECK(ToString(collector.position) == "t:1:1");
  CHECK(collector.enabled);
  CHECK(collector.command == Words{"true"});
  CHECK(collector.run.timeout == 5s);
  CHECK(collector.run.grace == 1s);
  CHECK(collector.run.max_output == 1048576);
  CHECK_FALSE(collector.run.stdin_text);
  CHECK_FALSE(collector.run.umask);
  CHECK_FALSE(collector.run.nice);
  CHECK_FALSE(collector.run.limits.cpu);
  CHECK_FALSE(collector.run.limits.memory);
  CHECK_FALSE(collector.run.limits.files);
  CHECK_FALSE(collector.run.limits.processes);
  CHECK(collector.run.containment == Containment::kAuto);
  CHECK_FALSE(collector.run.success_exit_codes.any);
  CHECK(collector.run.success_exit_codes.ranges ==
        std::vector<std::pair<int, int>>{{0, 0}});
  CHECK(collector.format.format == Format::kPrometheus);
  CHECK(collector.max_samples == 10000);
}

TEST_CASE("a pipe and a status of a shell have rules of their own") {
  const auto read = [](const std::string& keys) {
    const auto config = ParseConfig(
        {{{"t", "[[collector]]\nname = 'a'\n" + keys}}, {}, false, {}});
    REQUIRE(config.has_value());
    return config->collectors.front();
  };
  const std::string exit_code =
      "format = 'exit_code'\nmetric = [{ name = 'b' }]\n";
  using Ranges = std::vector<std::pair<int, int>>;
  const Ranges statuses = {{0, 125}, {128, 255}};

  const CollectorConfig pipe = read("shell = 'b | c'\n");
  CHECK(pipe.pipe);
  CHECK(pipe.run.success_exit_codes.early_end);
  CHECK(pipe.run.success_exit_codes.no_match);
  const CollectorConfig own =
      read("shell = 'b | c'\nsuccess_exit_codes = [0]\n");
  CHECK(own.pipe);
  CHECK_FALSE(own.run.success_exit_codes.early_end);
  const CollectorConfig other =
      read("shell = 'b | c'\ninterpreter = ['/bin/sh', '-c']\n");
  CHECK_FALSE(other.pipe);
  CHECK_FALSE(other.run.success_exit_codes.no_match);
  CHECK_FALSE(read("command = ['b', '|', 'c']\n").pipe);

  const CollectorConfig status = read("shell = 'b | c'\n" + exit_code);
  const Ranges without_one = {{0, 0}, {2, 125}, {128, 255}};
  CHECK(status.run.success_exit_codes.ranges == without_one);
  CHECK(status.run.success_exit_codes.early_end);
  CHECK(status.run.success_exit_codes.no_match);
  CHECK(read("shell = 'b'\n" + exit_code).run.success_exit_codes.ranges ==
        statuses);
  const CollectorConfig ends = read("shell = 'set -e; b | c'\n");
  CHECK(ends.pipe);
  CHECK_FALSE(ends.run.success_exit_codes.early_end);
  CHECK_FALSE(ends.run.success_exit_codes.no_match);
  const CollectorConfig tested = read("shell = 'if b | c; then d; fi'\n");
  CHECK_FALSE(tested.pipe);
  CHECK(tested.run.fail_on_stderr == true);
  CHECK(read("shell = 'b | c && d'\nfail_on_stderr = false\n")
            .run.fail_on_stderr == false);
  CHECK_FALSE(read("shell = 'b'\n" + exit_code).run.success_exit_codes.any);
  CHECK(read("command = ['b']\n" + exit_code).run.success_exit_codes.any);
  CHECK(read("shell = 'b'\nsuccess_exit_codes = 'any'\n" + exit_code)
            .run.success_exit_codes.any);
}

TEST_CASE("every run key reaches the configuration") {
  const Config config = ParseFixture("all_keys.toml");
  CHECK(config.scrape_timeout == 30s);
  CHECK(config.min_interval == 2s);
  const CollectorConfig& collector = config.collectors.at(0);
  const RunConfig& run = collector.run;
  CHECK_FALSE(collector.enabled);
  CHECK(collector.description == "Every key of a collector.");
  CHECK(collector.shell == "cat; echo $target");
  CHECK(run.interpreter == Words{"/bin/bash", "-c"});
  CHECK(run.timeout == 20s);
  CHECK(run.grace == 0s);
  CHECK(run.stdin_text == "for {target}");
  CHECK(run.env == std::map<std::string, std::string>{
                       {"A", "{target}"}, {"EMPTY", ""}, {"LANG", "C"}});
  CHECK(run.pass_env == Words{"HOME"});
  CHECK(run.cwd == "/tmp");
  CHECK(run.user == "nobody");
  CHECK(run.umask == 027U);
  CHECK(run.nice == 5);
  CHECK(run.limits.cpu == 1500ms);
  CHECK(run.limits.memory == std::uint64_t{512} << 20U);
  CHECK(run.limits.files == 256U);
  CHECK(run.limits.processes == 64U);
  CHECK(run.containment == Containment::kCgroup);
  CHECK(run.max_output == 65536);
  CHECK(run.success_exit_codes.ranges ==
        std::vector<std::pair<int, int>>{{0, 0}, {2, 5}});
  CHECK_FALSE(run.success_exit_codes.any);
  CHECK(run.fail_on_stderr == true);
  REQUIRE(collector.matrix.size() == 2);
  CHECK(collector.matrix[0].name == "size");
  CHECK(collector.matrix[1].values == Words{"a", "1", "1.5", "true"});
}

TEST_CASE("a collector's limits replace the default ones as a whole") {
  const Config config = ParseFixture("limits.toml");
  const RunConfig& small = config.collectors.at(0).run;
  CHECK(small.limits.files == 8U);
  CHECK(small.containment == Containment::kAuto);
  const RunConfig& large = config.collectors.at(1).run;
  CHECK(large.limits.cpu == 1500ms);
  CHECK(large.limits.memory == std::uint64_t{1} << 40U);
  CHECK_FALSE(large.limits.files);
  CHECK(large.containment == Containment::kCgroup);
  CHECK(ToString(large.containment_position) == "t:14:15");
  const RunConfig& plain = config.collectors.at(2).run;
  CHECK(plain.limits.files == 256U);
  CHECK(plain.containment == Containment::kSession);
  CHECK(ToString(plain.limits.position) == "t:2:10");
}

TEST_CASE("every format and metric key reaches the configuration") {
  const Config config = ParseFixture("all_keys.toml");
  const CollectorConfig& collector = config.collectors.at(0);
  const FormatConfig& format = collector.format;
  CHECK(format.format == Format::kTable);
  CHECK(format.skip_lines == 1);
  REQUIRE(format.keep_lines);
  CHECK(format.keep_lines->expression() == "x");
  REQUIRE(format.drop_lines);
  CHECK(format.columns == Words{"device", "count", "state", "time"});
  CHECK_FALSE(format.header);
  CHECK(format.trim == ":");
  CHECK(format.separator == ",");
  REQUIRE(format.record);
  CHECK(format.record->expression() == "^== (?P<part>\\w+)");
  CHECK(collector.max_samples == 100);
  const MetricConfig& metric = collector.metrics.at(0);
  CHECK(metric.name == "all_seconds");
  CHECK(metric.help == "Every key of a metric.");
  CHECK(metric.values == Words{"time", "count"});
  CHECK(metric.value_label == "what");
  CHECK(metric.scale == 2);
  CHECK(metric.map == std::map<std::string, double>{{"never", 0}});
  CHECK(LabelTexts(metric) == Words{"device={device}", "at={target}/{state}"});
  CHECK(metric.where.empty());
  CHECK(metric.missing == Words{"N/A", ""});
  CHECK(metric.aggregate == Aggregate::kSum);
  CHECK(metric.known ==
        std::map<std::string, std::vector<std::string>>{{"device", {"sda"}}});
  CHECK(metric.default_value == 0.0);
  CHECK(metric.on_missing == OnMissing::kFail);
  CHECK(metric.unit == FindUnit("s"));
  CHECK(metric.type == MetricType::kUntyped);
}

TEST_CASE("defaults are replaced by a collector, but env is merged") {
  const Config config = Parse(R"(
[exporter]
timeout = "3s"
[exporter.defaults]
env = { A = "1", B = "1" }
pass_env = ["X"]
user = "nobody"
[[collector]]
name = "a"
command = ["true"]
env = { B = "2" }
pass_env = ["Y"]
[[collector]]
name = "b"
command = ["true"]
timeout = "4s"
)");
  const RunConfig& a = config.collectors.at(0).run;
  CHECK(a.timeout == 3s);
  CHECK(a.env == std::map<std::string, std::string>{{"A", "1"}, {"B", "2"}});
  CHECK(a.pass_env == Words{"Y"});
  CHECK(a.user == "nobody");
  const RunConfig& b = config.collectors.at(1).run;
  CHECK(b.timeout == 4s);
  CHECK(b.env == std::map<std::string, std::string>{{"A", "1"}, {"B", "1"}});
  CHECK(b.pass_env == Words{"X"});
}

TEST_CASE("what becomes of short rows and marks reaches the configuration") {
  const auto read = [](const std::string& keys) {
    return Parse(
               "[[collector]]\nname = \"a\"\ncommand = [\"true\"]\n"
               "format = \"table\"\nmetric = [{ name = \"a_value\" }]\n" +
               keys)
        .collectors.at(0)
        .format;
  };
  CHECK(read("").short_rows == ShortRows::kFail);
  CHECK(read("short_rows = \"skip\"\n").short_rows == ShortRows::kSkip);
  CHECK(read("short_rows = \"left\"\n").short_rows == ShortRows::kLeft);
  CHECK_FALSE(read("").marks);
  CHECK(read("marks = \"\"\n").marks == "");
  CHECK(read("marks = \"\u25CF*\"\n").marks == "\u25CF*");
}

TEST_CASE("a metric inherits from its collector and may replace it") {
  const Config config = Parse(R"(
[[collector]]
name = "a"
command = ["true"]
format = "table"
unit = "MiB"
labels = ["row"]
where = { row = "Mem" }
on_missing = "skip"
missing = ["-"]
type = "untyped"
[[collector.metric]]
name = "plain_bytes"
[[collector.metric]]
name = "own_bytes"
unit = "B"
labels = []
where = {}
on_missing = "fail"
missing = []
type = "gauge"
[[collector.metric]]
name = "info"
value = 1
[[collector.metric]]
name = "rows"
aggregate = "count"
)");
  const std::vector<MetricConfig>& metrics = config.collectors.at(0).metrics;
  REQUIRE(metrics.size() == 4);
  CHECK(metrics[0].unit == FindUnit("MiB"));
  CHECK(LabelTexts(metrics[0]) == Words{"row={row}"});
  CHECK(metrics[0].where.size() == 1);
  CHECK(metrics[0].on_missing == OnMissing::kSkip);
  CHECK(metrics[0].missing == Words{"-"});
  CHECK(metrics[0].type == MetricType::kUntyped);
  CHECK(metrics[1].unit == FindUnit("B"));
  CHECK(metrics[1].labels.empty());
  CHECK(metrics[1].where.empty());
  CHECK(metrics[1].missing.empty());
  CHECK(metrics[1].on_missing == OnMissing::kFail);
  CHECK(metrics[1].type == MetricType::kGauge);
  CHECK(metrics[2].constant == 1.0);
  CHECK(metrics[2].unit == nullptr);
  CHECK(metrics[3].unit == nullptr);
}

TEST_CASE("the type follows the name unless it is written") {
  MetricConfig metric;
  metric.name = "a_total";
  CHECK(EffectiveType(metric) == MetricType::kCounter);
  metric.name = "total_a";
  CHECK(EffectiveType(metric) == MetricType::kGauge);
  metric.type = MetricType::kUntyped;
  CHECK(EffectiveType(metric) == MetricType::kUntyped);
}

TEST_CASE("the delivered exporter.toml is what it promises") {
  const std::string text = test::ReadFile(
      std::filesystem::path(test::kSourceFolder) / "exporter.toml");
  const Config config = Parse(text);
  CHECK(test::JoinLines(config.warnings).empty());
  REQUIRE(config.collectors.size() == 3);
  const CollectorConfig& free = config.collectors[0];
  CHECK(free.name == "free");
  CHECK(free.command == Words{"free", "-m"});
  CHECK(free.format.trim == ":");
  REQUIRE(free.metrics.size() == 4);
  CHECK(free.metrics[3].values == Words{"available"});
  CHECK(free.metrics[3].unit == FindUnit("MiB"));
  CHECK(LabelTexts(free.metrics[3]) == Words{"kind={row}"});
  const CollectorConfig& wait = config.collectors[1];
  CHECK(wait.shell == "netstat -an | grep -i wait | wc -l");
  CHECK(wait.pipe);
  CHECK(wait.run.success_exit_codes.early_end);
  CHECK(wait.run.success_exit_codes.no_match);
  CHECK(wait.metrics.at(0).name == "netstat_wait_connections");
  const CollectorConfig& ping = config.collectors[2];
  CHECK(ping.matrix.at(0).values == Words{"127.0.0.1"});
  CHECK(ping.format.text_scope);
  CHECK(ping.run.success_exit_codes.ranges.size() == 2);
  REQUIRE(ping.metrics.size() == 2);
  CHECK(ping.metrics[1].values == Words{"min", "avg", "max"});
  CHECK(ping.metrics[1].value_label == "stat");
  CHECK(ping.metrics[1].on_missing == OnMissing::kSkip);
}

}  // namespace command_exporter
