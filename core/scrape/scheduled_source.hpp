// ScheduledSource: a collector that runs on a clock of its own.
//
// A scrape never starts or joins a run: it gets the last result at once, so a
// command that takes minutes costs no scrape its time. The scheduler starts the
// runs (scheduler.hpp). A run that cannot start for overload waits: the next
// due time postpones its latest start, and there is never more than one run.
//
// The results and the live run belong to the definition, not to the source: a
// reload that does not change it creates a new source on the same ones
// (ScheduledRuns). When the last source on them is gone, the live run is
// cancelled.
//
// Thread safety: Obtain from any thread; Run from the scheduler's thread only.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_SCHEDULED_SOURCE_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_SCHEDULED_SOURCE_HPP_

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

#include "core/base/boot_clock.hpp"
#include "core/scrape/scheduled_results.hpp"
#include "core/scrape/source.hpp"

namespace command_exporter {

// The clock of schedules; tests replace it.
using BootNow = std::function<BootClock::time_point()>;

// What outlives a reload.
struct ScheduledRuns {
  ScheduledRuns(const Schedule& schedule, BootClock::time_point now)
      : results(schedule, now) {}

  ScheduledResults results;
  std::mutex mutex;
  std::weak_ptr<SharedRun> run;  // under mutex; the last one
  RunTicket ticket;  // under mutex; keeps `run` from being cancelled
};

class ScheduledSource final : public Source {
 public:
  // `lost`: the launcher died during a run, so another one is needed soon.
  // Called from any thread.
  ScheduledSource(std::shared_ptr<const Collector> collector,
                  std::shared_ptr<CollectorState> state,
                  std::shared_ptr<ScheduledRuns> runs, BootNow now,
                  std::function<void(const ScheduledRuns&)> lost);

  RunTicket Obtain(const CollectRequest& request, std::uint64_t turn) override;

  // Starts a run; a live one that still waits for its start may wait until
  // `start_by`.
  void Run(Deadline start_by);

  const std::shared_ptr<ScheduledRuns>& runs() const { return runs_; }

 private:
  RunObservers Observers() const;

  const std::shared_ptr<ScheduledRuns> runs_;
  const BootNow now_;
  const std::function<void(const ScheduledRuns&)> lost_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_SCHEDULED_SOURCE_HPP_
