// For tests of schedules: a clock that only the test moves, and a gatherer on
// it.
//
// Thread safety: advance from one thread, read from any.
#ifndef COMMAND_EXPORTER_TESTS_CORE_SCRAPE_SCHEDULED_CLOCK_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_SCRAPE_SCHEDULED_CLOCK_HPP_

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "core/scrape/gatherer.hpp"
#include "tests/core/scrape/fakes.hpp"

namespace command_exporter {

struct ScheduledFixture {
  void Advance(Duration by) { now = now.load() + by.count(); }

  // Moves the clock by `by`, in steps of `step`, and starts what is due.
  void Run(Duration by, Duration step = std::chrono::milliseconds{100}) {
    for (Duration passed{0}; passed < by; passed += step) {
      Advance(step);
      gatherer.timetable().RunDue();
    }
  }

  std::string Scrape(const Selection& selection = {}) {
    return Text(gatherer.Gather({Soon(), selection}));
  }

  // The value of the sample, or "none".
  std::string Value(const std::string& sample) {
    const std::string text = Scrape();
    const std::size_t at = text.find("\n" + sample + " ");
    if (at == std::string::npos) {
      return "none";
    }
    const std::size_t begin = at + sample.size() + 2;
    return text.substr(begin, text.find('\n', begin) - begin);
  }

  std::string Up() { return Value("command_exporter_collector_up" + kLabels); }

  std::string Reason() {
    const std::string text = Scrape();
    const std::string sample =
        "command_exporter_collector_last_failure_info"
        "{collector=\"slow\",reason=\"";
    const std::size_t at = text.find(sample);
    if (at == std::string::npos) {
      return "none";
    }
    const std::size_t begin = at + sample.size();
    return text.substr(begin, text.find('"', begin) - begin);
  }

  static inline const std::string kLabels = "{collector=\"slow\"}";

  LogLines log;
  std::atomic<Duration::rep> now{Duration{std::chrono::hours{1}}.count()};
  Gatherer gatherer{log.seams(), false,
                    [this] { return BootClock::time_point{Duration{now}}; }};
};

// Its max_age is the documented default with a timeout of 5 s.
inline std::shared_ptr<FakeCollector> Every(Duration every,
                                            FakeCollector::Behaviour behave,
                                            std::string name = "slow") {
  auto collector =
      std::make_shared<FakeCollector>(std::move(name), std::move(behave));
  collector->who().schedule.every = every;
  collector->who().schedule.max_age = 2 * every + std::chrono::seconds{5};
  return collector;
}

inline FakeCollector::Behaviour Gives(const Outcome& outcome) {
  return [outcome](CollectCallbacks& callbacks) { callbacks.outcome(outcome); };
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_SCRAPE_SCHEDULED_CLOCK_HPP_
