// Collectors and a log for the tests of core/scrape.
//
// Thread safety: FakeCollector and LogLines may be used from any thread.
#ifndef COMMAND_EXPORTER_TESTS_CORE_SCRAPE_FAKES_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_SCRAPE_FAKES_HPP_

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/log.hpp"
#include "core/metrics/families.hpp"
#include "core/metrics/writing/text_writer.hpp"
#include "core/scrape/collector.hpp"
#include "core/scrape/collector_log.hpp"

namespace command_exporter {

// The time limit of every test that does not wait for a timeout.
inline Deadline Soon() {
  return Deadline::After(std::chrono::seconds{20});
}

inline Outcome Success(MetricFamilies families = {}) {
  Outcome outcome;
  outcome.samples = CountSamples(families);
  outcome.families = std::move(families);
  outcome.exit_code = 0;
  return outcome;
}

inline Outcome Failed(Reason reason, std::string message = "it went wrong") {
  Outcome outcome;
  outcome.failure = Failure{reason, std::move(message)};
  return outcome;
}

// The outcome of a run whose latest start has passed.
inline Outcome TooLate() {
  Outcome outcome = Failed(Reason::kOverload, "no place");
  outcome.came_too_late = true;
  return outcome;
}

inline MetricFamilies Gauge(std::string name, double value, Labels labels = {},
                            std::string help = "A test.") {
  MetricFamilies families{MakeFamily(std::move(name), std::move(help),
                                     prometheus::MetricType::Gauge)};
  AddSample(families[0], labels, value);
  return families;
}

// Records every Collect. The outcome comes from `behave`, or when the test
// calls Finish, once for each run. Cancel gives `timeout`, as in a real
// collector.
class FakeCollector final : public Collector {
 public:
  using Behaviour = std::function<void(CollectCallbacks& callbacks)>;

  explicit FakeCollector(std::string name, Behaviour behave = {})
      : behave_(std::move(behave)) {
    identity_.name = std::move(name);
    identity_.position = "exporter.toml:7:1";
    identity_.timeout = std::chrono::seconds{5};
  }

  const CollectorIdentity& identity() const override { return identity_; }

  // By its `definition`.
  bool IsUnchangedFrom(const Collector& other) const override {
    return definition == dynamic_cast<const FakeCollector&>(other).definition;
  }

  int definition{};

  // Only before the first Collect.
  CollectorIdentity& who() { return identity_; }

  CollectHandle Collect(const CollectRequest& /*request*/,
                        CollectCallbacks callbacks) const override {
    const int run = ++collects_;
    if (behave_) {
      behave_(callbacks);
    }
    const std::lock_guard lock(mutex_);
    runs_[run] = std::move(callbacks);
    return {.cancel =
                [this, run] {
                  ++cancels_;
                  Finish(run, Failed(Reason::kTimeout));
                },
            .extend = [this](Deadline start_by) { Extend(start_by); }};
  }

  CollectCallbacks CallbacksOf(int run) const {
    const std::lock_guard lock(mutex_);
    return runs_.at(run);
  }

  void Finish(int run, Outcome outcome) const {
    std::function<void(Outcome)> done;
    {
      const std::lock_guard lock(mutex_);
      done = std::exchange(runs_.at(run).outcome, nullptr);
    }
    if (done) {
      done(std::move(outcome));
    }
  }

  int collects() const { return collects_; }

  int cancels() const { return cancels_; }

  // The later starts that it was granted, in order.
  std::vector<Deadline> extended() const {
    const std::lock_guard lock(mutex_);
    return extended_;
  }

 private:
  void Extend(Deadline start_by) const {
    const std::lock_guard lock(mutex_);
    extended_.push_back(start_by);
  }

  CollectorIdentity identity_;
  Behaviour behave_;
  mutable std::atomic<int> collects_ = 0;
  mutable std::atomic<int> cancels_ = 0;
  mutable std::mutex mutex_;
  mutable std::map<int, CollectCallbacks> runs_;
  mutable std::vector<Deadline> extended_;
};

// A collector with a fixed, immediate outcome.
inline std::shared_ptr<FakeCollector> Answering(std::string name,
                                                Outcome outcome) {
  return std::make_shared<FakeCollector>(
      std::move(name),
      [outcome](CollectCallbacks& callbacks) { callbacks.outcome(outcome); });
}

inline std::shared_ptr<FakeCollector> WithInterval(
    std::shared_ptr<FakeCollector> collector, Duration min_interval) {
  collector->who().schedule.min_interval = min_interval;
  return collector;
}

inline std::shared_ptr<FakeCollector> Hanging(std::string name) {
  return std::make_shared<FakeCollector>(std::move(name));
}

// The lines that would have been logged, and a clock that only the test moves.
class LogLines {
 public:
  LogSeams seams() {
    return {.write =
                [this](LogLevel level, std::span<const LogField> fields) {
                  const std::lock_guard lock(mutex_);
                  lines_.push_back(
                      FormatLogFields(level, LogFormat::kLogfmt, fields));
                },
            .now =
                [this] {
                  const std::lock_guard lock(mutex_);
                  return now_;
                }};
  }

  void Advance(Duration by) {
    const std::lock_guard lock(mutex_);
    now_ += by;
  }

  // The lines since the last call.
  std::vector<std::string> Take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(lines_, {});
  }

 private:
  std::mutex mutex_;
  Clock::time_point now_ = Clock::now();
  std::vector<std::string> lines_;
};

inline std::string Text(const MetricFamilies& families) {
  std::string text;
  TextWriter::Append(families, text);
  return text;
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_SCRAPE_FAKES_HPP_
