// The exact self-metrics of a collector, as the Gatherer adds them.
#include "core/scrape/self_metrics.hpp"

#include <chrono>
#include <fstream>
#include <memory>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/reason.hpp"
#include "core/scrape/gatherer.hpp"
#include "core/scrape/process_metrics.hpp"
#include "tests/core/scrape/fakes.hpp"
#include "tests/support/paths.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// The samples of a scrape, without comments and without scrape_duration.
std::set<std::string> Samples(const MetricFamilies& families) {
  std::set<std::string> samples;
  std::istringstream text(Text(families));
  for (std::string line; std::getline(text, line);) {
    if (line[0] != '#' &&
        line.find("exporter_scrape_duration") == std::string::npos) {
      samples.insert(line);
    }
  }
  return samples;
}

std::string Sample(const std::string& name, const std::string& value) {
  return "command_exporter_collector_" + name +
         "{collector=\"disk\",device=\"sda\"} " + value;
}

std::string WithReason(const std::string& name, std::string_view reason,
                       const std::string& value) {
  return "command_exporter_collector_" + name +
         "{collector=\"disk\",device=\"sda\",reason=\"" + std::string(reason) +
         "\"} " + value;
}

std::shared_ptr<FakeCollector> Disk(Outcome outcome) {
  auto disk = Answering("disk", std::move(outcome));
  disk->who().matrix = {{"device", "sda"}};
  disk->who().timeout = milliseconds{2500};
  disk->who().max_output = 1000;
  disk->who().counts_lines = true;
  return disk;
}

// Of the collector; the time of the success is now, so it is cut.
std::set<std::string> SelfSamples(Gatherer& gatherer) {
  std::set<std::string> samples;
  for (std::string sample : Samples(gatherer.Gather({Soon()}))) {
    if (sample.find("collector_last_success_timestamp") != std::string::npos) {
      sample.resize(sample.find("} ") + 3);
    }
    if (sample.find("exporter_collector_") != std::string::npos) {
      samples.insert(sample);
    }
  }
  return samples;
}

std::set<std::string> AlwaysThere(const std::string& up) {
  return {Sample("up", up),
          Sample("scrape_duration_seconds", "0.125"),
          Sample("timeout_seconds", "2.5"),
          Sample("exit_code", "0"),
          Sample("samples", up),
          Sample("dropped_samples", "0"),
          Sample("last_success_timestamp_seconds", up),
          Sample("runs_total", "1"),
          Sample("failures_total", up == "1" ? "0" : "1"),
          Sample("cpu_seconds_total", "0"),
          Sample("max_rss_bytes", "0")};
}

Outcome Ended(Outcome outcome) {
  outcome.duration = milliseconds{125};
  outcome.exit_code = 0;
  outcome.output_bytes = 321;
  outcome.unmatched_lines = 0;
  return outcome;
}

TEST_CASE("a healthy collector has exactly these eleven self-metrics") {
  LogLines log;
  Gatherer gatherer(log.seams());
  gatherer.Replace({Disk(Ended(Success(Gauge("disk_ok", 1))))});
  CHECK(SelfSamples(gatherer) == AlwaysThere("1"));
}

TEST_CASE("a failed collector has them too, and the reason") {
  LogLines log;
  Gatherer gatherer(log.seams());
  gatherer.Replace({Disk(Ended(Failed(Reason::kParse)))});
  std::set<std::string> expected = AlwaysThere("0");
  expected.insert(WithReason("failures_by_reason_total", "parse", "1"));
  expected.insert(WithReason("last_failure_info", "parse", "1"));
  CHECK(SelfSamples(gatherer) == expected);
}

TEST_CASE("a late collector has the reason timeout") {
  LogLines log;
  Gatherer gatherer(log.seams());
  const auto disk = Hanging("disk");
  disk->who().matrix = {{"device", "sda"}};
  gatherer.Replace({disk});
  const std::set<std::string> samples =
      Samples(gatherer.Gather({Deadline::After(milliseconds{20})}));
  CHECK(samples.count(WithReason("last_failure_info", "timeout", "1")) == 1);
}

TEST_CASE("a series that once had something to report stays") {
  LogLines log;
  Gatherer gatherer(log.seams());
  Outcome outcome = Ended(Success(Gauge("disk_ok", 1)));
  outcome.output_bytes = 501;  // more than half of max_output
  outcome.unmatched_lines = 3;
  outcome.drops.Add(DropReason::kLabel, "x");
  bool first = true;
  auto disk =
      std::make_shared<FakeCollector>("disk", [&](CollectCallbacks& callbacks) {
        callbacks.outcome(std::exchange(first, false)
                              ? outcome
                              : Ended(Success(Gauge("disk_ok", 1))));
      });
  disk->who().matrix = {{"device", "sda"}};
  disk->who().timeout = milliseconds{2500};
  disk->who().max_output = 1000;
  gatherer.Replace({disk});
  std::set<std::string> samples = SelfSamples(gatherer);
  CHECK(samples.count(Sample("output_bytes", "501")) == 1);
  CHECK(samples.count(Sample("unmatched_lines", "3")) == 1);
  CHECK(samples.count(Sample("dropped_samples", "1")) == 1);
  CHECK(samples.count(WithReason("dropped_samples_by_reason", "label", "1")) ==
        1);
  CHECK(samples.size() == 14);

  disk->CallbacksOf(1).stuck(true);
  CHECK(SelfSamples(gatherer).count(Sample("stuck", "1")) == 1);
  disk->CallbacksOf(1).stuck(false);
  samples = SelfSamples(gatherer);
  CHECK(samples.count(Sample("output_bytes", "321")) == 1);
  CHECK(samples.count(Sample("unmatched_lines", "0")) == 1);
  CHECK(samples.count(WithReason("dropped_samples_by_reason", "label", "0")) ==
        1);
  CHECK(samples.count(Sample("stuck", "0")) == 1);
  CHECK(samples.size() == 15);
}

TEST_CASE("with all series a collector has the zeros from the start") {
  LogLines log;
  Gatherer gatherer(log.seams(), true);
  auto disk = Disk(Ended(Success(Gauge("disk_ok", 1))));
  std::set<std::string> expected = AlwaysThere("1");
  expected.insert({Sample("output_bytes", "321"), Sample("stuck", "0")});
  disk->who().counts_lines = GENERATE(true, false);
  if (disk->who().counts_lines) {
    expected.insert(Sample("unmatched_lines", "0"));
  }
  for (const std::string_view reason : kReasonNames) {
    expected.insert(WithReason("failures_by_reason_total", reason, "0"));
  }
  for (const std::string_view reason : kDropReasonNames) {
    expected.insert(WithReason("dropped_samples_by_reason", reason, "0"));
  }
  gatherer.Replace({disk});
  CHECK(SelfSamples(gatherer) == expected);
}

TEST_CASE("refused runs are counted together, also over a reload") {
  LogLines log;
  Gatherer gatherer(log.seams());
  gatherer.Replace({Disk(TooLate())});
  CHECK(Samples(gatherer.Gather({Soon()}))
            .count("command_exporter_runs_refused_total 1") == 1);
  gatherer.Replace({Answering("other", Success())});
  CHECK(Samples(gatherer.Gather({Soon()}))
            .count("command_exporter_runs_refused_total 1") == 1);
}

TEST_CASE("the cost of a run is in the next scrape") {
  LogLines log;
  Gatherer gatherer(log.seams());
  auto disk = Disk(Success());
  gatherer.Replace({disk});
  gatherer.Gather({Soon()});
  disk->CallbacksOf(1).usage(
      {.cpu = milliseconds{1500}, .max_rss_bytes = 8192});
  disk->CallbacksOf(1).stuck(true);
  const std::set<std::string> samples = Samples(gatherer.Gather({Soon()}));
  CHECK(samples.count(Sample("cpu_seconds_total", "1.5")) == 1);
  CHECK(samples.count(Sample("max_rss_bytes", "8192")) == 1);
  CHECK(samples.count(Sample("stuck", "1")) == 1);
  CHECK(samples.count(Sample("runs_total", "2")) == 1);
}

TEST_CASE("every metric and every reason is in docs/metrics.md") {
  std::ifstream file(std::string(test::kSourceFolder) + "/docs/metrics.md");
  std::stringstream document;
  document << file.rdbuf();
  const std::string text = document.str();
  Gatherer gatherer({}, true);
  auto collector = Answering("a", Failed(Reason::kParse));
  collector->who().counts_lines = true;
  gatherer.Replace({collector});
  gatherer.AddOwnFamilies(OwnProcessFamilies);
  gatherer.AddOwnFamilies([] {
    const std::vector<ProcessFigures> figures{{"launcher", 1, seconds{1}, 1}};
    return HelperProcessFamilies(figures);
  });
  const MetricFamilies families = gatherer.Gather({Soon()});
  CHECK(families.size() == 19 + 7 + 3);
  for (const prometheus::MetricFamily& family : families) {
    CAPTURE(family.name);
    CHECK(text.find("### `" + family.name + "`\n") != std::string::npos);
  }
  for (const std::string_view reason : kReasonNames) {
    CAPTURE(reason);
    CHECK(text.find("### Reason `" + std::string(reason) + "`\n") !=
          std::string::npos);
  }
  for (const std::string_view reason : kDropReasonNames) {
    CAPTURE(reason);
    CHECK(text.find("### Drop reason `" + std::string(reason) + "`\n") !=
          std::string::npos);
  }
}

}  // namespace
}  // namespace command_exporter
