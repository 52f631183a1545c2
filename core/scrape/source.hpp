// Source: a collector with its schedule.
//
// The schedule is the scrape: a run starts when a scrape asks and none is under
// way. This is the only place that decides whether a scrape starts a run,
// joins one or is served what an earlier one gave; gatherer and collectors do
// not know.
//
// min_interval is the last of these: several Prometheus servers, or a browser
// that reloads, must not run an expensive command more often than its owner
// allows. A scrape that comes within min_interval after the end of a run is
// given that run's outcome, as it was: up, duration, exit status and samples
// are those of that run, no run is counted, and no timestamp is added. (One
// would tell Prometheus that the sample is old, and a metric that alternates
// between with and without is worse than one that is a little late; the honest
// place for its age is collector_last_success_timestamp_seconds.) A failure
// is served as well: a command that just failed is spared like any other.
// Nor is a run cancelled that takes longer than every scrape that waits for it,
// or it would be started at each scrape and never come to an end: it goes on
// to its own timeout, and a later scrape is given what came of it.
// Not so what says nothing of the command but of us, `overload` and
// `launcher_lost`: the next scrape tries again.
//
// That is a cache with its price: the outcome of the last run stays in memory,
// samples and all, until the next run's takes its place (some 300 bytes a
// sample), and each scrape that it serves copies it. Without min_interval
// (0, the default) nothing is kept and nothing copied.
//
// Thread safety: all functions may be called from any thread. Invariants: a run
// may outlive its source (after a reload); it then still counts in the state.
// A reload makes new sources, so it serves no outcome from before.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_SOURCE_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_SOURCE_HPP_

#include <memory>
#include <mutex>

#include "core/base/deadline.hpp"
#include "core/scrape/collector.hpp"
#include "core/scrape/collector_state.hpp"
#include "core/scrape/shared_run.hpp"

namespace command_exporter {

class Source {
 public:
  Source(std::shared_ptr<const Collector> collector,
         std::shared_ptr<CollectorState> state, Duration min_interval);

  // A place at the run that serves this request. Never blocks.
  RunTicket Obtain(const CollectRequest& request);

  const CollectorIdentity& identity() const { return collector_->identity(); }

  CollectorState& state() const { return *state_; }

 private:
  // What min_interval keeps. Runs hold it, too: they may outlive the source.
  class Recent {
   public:
    void Keep(std::shared_ptr<Outcome> outcome, Deadline until);
    // Null: there is none, or its time is over.
    std::shared_ptr<Outcome> Get() const;

   private:
    mutable std::mutex mutex_;
    std::shared_ptr<Outcome> outcome_;  // under mutex_
    Deadline until_;                    // under mutex_
  };

  RunObservers Observers() const;

  const std::shared_ptr<const Collector> collector_;
  const std::shared_ptr<CollectorState> state_;
  const Duration min_interval_;
  const std::shared_ptr<Recent> recent_;  // null: min_interval is 0

  std::mutex mutex_;
  // Weak: a run that goes on holds itself.
  std::weak_ptr<SharedRun> current_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_SOURCE_HPP_
