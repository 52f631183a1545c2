// ScheduledResults: what a scrape gets of a collector that runs on a clock of
// its own.
//
// The last run's outcome is served until it is older than max_age: then its
// samples are withdrawn, because a number that nobody renews is wrong sooner or
// later, and `up` is 0 with reason `stale`. So it is before the first run has
// ended. When a run fails, on_failure decides: the samples go, or those of the
// last good run stay until they are too old, with `up` 0 and the reason.
//
// A run that says nothing about its command (it was never started, or the
// launcher died) changes nothing here.
//
// Thread safety: all functions may be called from any thread. Invariant: an
// outcome is never older than max_age when it is served.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_SCHEDULED_RESULTS_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_SCHEDULED_RESULTS_HPP_

#include <memory>
#include <mutex>

#include "core/base/boot_clock.hpp"
#include "core/scrape/collector.hpp"
#include "core/scrape/outcome.hpp"

namespace command_exporter {

class ScheduledResults {
 public:
  // `since`: when the collector was first scheduled.
  ScheduledResults(const Schedule& schedule, BootClock::time_point since);

  // A run has ended with `outcome`.
  void Keep(const std::shared_ptr<Outcome>& outcome, BootClock::time_point now);

  struct Shown {
    std::shared_ptr<Outcome> outcome{};  // not null
    // Of a good run before the failed one; null: `outcome` has its own.
    std::shared_ptr<const Outcome> samples{};
    // It is stale, and not because the first result is still on its way.
    bool is_overdue{};
  };

  Shown Get(BootClock::time_point now) const;

 private:
  struct Dated {
    std::shared_ptr<Outcome> outcome{};
    BootClock::time_point ended{};
  };

  bool IsFresh(const Dated& dated, BootClock::time_point now) const;
  Shown Stale(BootClock::time_point now) const;

  const Schedule schedule_;
  const BootClock::time_point since_;

  mutable std::mutex mutex_;
  Dated last_;  // under mutex_
  Dated good_;  // under mutex_; the last without a failure, with keeps_samples
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_SCHEDULED_RESULTS_HPP_
