// Each collector alone: whatever one of them does, the others are complete and
// the answer comes within the budget.
#include <atomic>
#include <chrono>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/scrape/gatherer.hpp"
#include "tests/core/scrape/fakes.hpp"

namespace command_exporter {
namespace {

using prometheus::MetricType;
using std::chrono::milliseconds;
using std::chrono::seconds;

// One scrape of the hostile collector between two good ones.
struct Trial {
  Trial(std::shared_ptr<const Collector> hostile, Duration budget) {
    Gatherer gatherer(log.seams());
    gatherer.Replace({Answering("before", Success(Gauge("good_before", 1))),
                      std::move(hostile),
                      Answering("after", Success(Gauge("good_after", 2)))});
    const Clock::time_point began = Clock::now();
    text = Text(gatherer.Gather({Deadline::After(budget)}));
    took = Clock::now() - began;
  }

  bool Has(const std::string& line) const {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
  }

  bool OthersAreComplete() const {
    return Has("good_before 1") && Has("good_after 2") &&
           Has("command_exporter_collector_up{collector=\"before\"} 1") &&
           Has("command_exporter_collector_up{collector=\"after\"} 1");
  }

  LogLines log;
  std::string text;
  Duration took{};
};

std::string Up(const std::string& name, int value) {
  return "command_exporter_collector_up{collector=\"" + name + "\"} " +
         std::to_string(value);
}

std::string Failures(const std::string& name, const std::string& reason) {
  return "command_exporter_collector_failures_by_reason_total{collector=\"" +
         name + "\",reason=\"" + reason + "\"} 1";
}

std::string Dropped(const std::string& name, const std::string& reason,
                    int count) {
  return "command_exporter_collector_dropped_samples_by_reason{collector=\"" +
         name + "\",reason=\"" + reason + "\"} " + std::to_string(count);
}

TEST_CASE("a collector that hangs is late alone, and the answer is in time") {
  const auto hanging = Hanging("hang");
  const Trial trial(hanging, milliseconds{300});
  CHECK(trial.OthersAreComplete());
  CHECK(trial.Has(Up("hang", 0)));
  CHECK(trial.Has(Failures("hang", "timeout")));
  CHECK(
      trial.Has("command_exporter_collector_exit_code{collector=\"hang\"} -1"));
  CHECK(trial.took >= milliseconds{300});
  CHECK(trial.took < milliseconds{1500});
  CHECK(hanging->cancels() == 1);
}

TEST_CASE("the log says of a cancelled run what to change") {
  Trial trial(Hanging("hang"), milliseconds{50});
  const std::vector<std::string> lines = trial.log.Take();
  REQUIRE(lines.size() == 1);
  CAPTURE(lines[0]);
  CHECK(lines[0].find("level=WARN collector=hang reason=timeout "
                      "msg=\"cancelled after ") == 0);
  CHECK(lines[0].find(
            "when the time of the last scrape that waited for it was over; its "
            "own timeout of 5s is longer than a scrape may take: shorten it, "
            "or raise scrape_timeout here and in Prometheus\" "
            "config=exporter.toml:7:1") != std::string::npos);
}

TEST_CASE("a collector that fails gives its reason to metrics and log") {
  Trial trial(Answering("fail", Failed(Reason::kExitStatus,
                                       "exit status 3; stderr: no")),
              seconds{20});
  CHECK(trial.OthersAreComplete());
  CHECK(trial.Has(Up("fail", 0)));
  CHECK(trial.Has(Failures("fail", "exit_status")));
  CHECK(trial.log.Take() ==
        std::vector<std::string>{
            "level=WARN collector=fail reason=exit_status msg=\"exit status 3; "
            "stderr: no\" config=exporter.toml:7:1"});
}

TEST_CASE("a collector that throws fails alone") {
  const Trial trial(
      std::make_shared<FakeCollector>(
          "throw", [](CollectCallbacks&) { throw std::logic_error("x"); }),
      seconds{20});
  CHECK(trial.OthersAreComplete());
  CHECK(trial.Has(Up("throw", 0)));
  CHECK(trial.Has(Failures("throw", "spawn")));
}

TEST_CASE("a flood of samples is passed on whole") {
  MetricFamilies flood{MakeFamily("flood", "Much.", MetricType::Gauge)};
  constexpr int kSamples = 10'000;
  for (int i = 0; i < kSamples; ++i) {
    AddSample(flood[0], {{"n", std::to_string(i)}}, i);
  }
  const Trial trial(Answering("flood", Success(std::move(flood))), seconds{20});
  CHECK(trial.OthersAreComplete());
  CHECK(trial.Has("flood{n=\"9999\"} 9999"));
  CHECK(trial.Has(
      "command_exporter_collector_samples{collector=\"flood\"} 10000"));
}

TEST_CASE("a series of an earlier collector is dropped, counted and logged") {
  MetricFamilies both = Gauge("good_before", 99);
  both.push_back(Gauge("mine", 3)[0]);
  Trial trial(Answering("duplicate", Success(std::move(both))), seconds{20});
  CHECK(trial.OthersAreComplete());
  CHECK(trial.Has("mine 3"));
  CHECK(trial.Has(Up("duplicate", 1)));
  CHECK(trial.Has(Dropped("duplicate", "duplicate", 1)));
  CHECK(trial.Has(
      "command_exporter_collector_samples{collector=\"duplicate\"} 1"));
  const std::vector<std::string> lines = trial.log.Take();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find("level=WARN collector=duplicate reason=duplicate "
                      "msg=\"dropped 1 sample of a successful run; the "
                      "first: good_before") == 0);
  CHECK(lines[0].find(": the series is already there, from collector before "
                      "(exporter.toml:7:1)\"") != std::string::npos);
}

TEST_CASE("another's metric name with another type is dropped and counted") {
  MetricFamilies counter{
      MakeFamily("good_before", "Mine.", MetricType::Counter)};
  AddSample(counter[0], {{"a", "b"}}, 1);
  const Trial trial(Answering("conflict", Success(std::move(counter))),
                    seconds{20});
  CHECK(trial.OthersAreComplete());
  CHECK(trial.Has(Dropped("conflict", "type_conflict", 1)));
  CHECK(trial.text.find("good_before{") == std::string::npos);
}

TEST_CASE("a HELP with a newline stays one line") {
  const Trial trial(
      Answering("help", Success(Gauge("odd", 1, {}, "first\nup 5"))),
      seconds{20});
  CHECK(trial.OthersAreComplete());
  CHECK(trial.Has("# HELP odd first\\nup 5"));
  CHECK(trial.Has("odd 1"));
}

TEST_CASE("a bare up is refused, the collector's other samples stay") {
  MetricFamilies families = Gauge("up", 5);
  families.push_back(Gauge("fine", 1)[0]);
  const Trial trial(Answering("bare_up", Success(std::move(families))),
                    seconds{20});
  CHECK(trial.OthersAreComplete());
  CHECK(trial.Has("fine 1"));
  CHECK(trial.text.find("\nup ") == std::string::npos);
  CHECK(trial.Has(Dropped("bare_up", "reserved", 1)));
}

TEST_CASE("drops of the format are counted with those of the merge") {
  Outcome outcome = Success(Gauge("good_before", 7));
  outcome.drops.Add(DropReason::kTimestamp, "a 1 123", 4);
  const Trial trial(Answering("stamped", outcome), seconds{20});
  CHECK(trial.Has(Dropped("stamped", "timestamp", 4)));
  CHECK(trial.Has(Dropped("stamped", "duplicate", 1)));
  CHECK(
      trial.Has("command_exporter_collector_dropped_samples{collector="
                "\"stamped\"} 5"));
}

TEST_CASE("the same conflict logs one line, not one a scrape") {
  LogLines log;
  Gatherer gatherer(log.seams());
  gatherer.Replace({Answering("one", Success(Gauge("same", 1))),
                    Answering("two", Success(Gauge("same", 2)))});
  for (int i = 0; i < 20; ++i) {
    gatherer.Gather({Soon()});
  }
  CHECK(log.Take().size() == 1);
}

TEST_CASE("what is there is merged while a late one still has its chance") {
  const auto budget = seconds{2};
  std::atomic<Clock::time_point> merged = Clock::time_point::max();
  LogSeams seams;
  seams.now = [] { return Clock::now(); };
  seams.write = [&merged](LogLevel, std::span<const LogField> fields) {
    const std::string line =
        FormatLogFields(LogLevel::kWarn, LogFormat::kLogfmt, fields);
    if (line.find("dropped ") != std::string::npos) {
      merged = Clock::now();
    }
  };
  Gatherer gatherer(seams);
  // Merging drops the second of two equal samples, and the log reports it.
  MetricFamilies twice = Gauge("a", 1);
  AddSample(twice[0], {}, 2);
  gatherer.Replace(
      {Answering("ready", Success(std::move(twice))), Hanging("late")});
  const Deadline deadline = Deadline::After(budget);
  const std::string text = Text(gatherer.Gather({deadline}));
  CHECK(merged.load() < deadline.at());
  // Its reported time is not longer than the scrape's.
  const std::string name =
      "\ncommand_exporter_collector_scrape_duration_seconds{collector="
      "\"late\"} ";
  const std::size_t at = text.find(name);
  REQUIRE(at != std::string::npos);
  CHECK(std::stod(text.substr(at + name.size())) <= ToSeconds(budget));
}

}  // namespace
}  // namespace command_exporter
