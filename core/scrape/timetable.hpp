// Timetable: when each scheduled collector is due.
//
// Collectors with one interval must not run in one moment, at the start or
// later. The first runs follow each other at equal distances, a second at most,
// within 30 s (or the interval, if it is shorter). Then each collector has a
// phase of its own, a fraction of its interval: the multiples of the golden
// ratio, of which any number in a row lie far apart on the circle. A collector
// that a reload does not change keeps its due times.
//
// Due times that have passed while the machine slept, or while a run went on,
// are one due time. A run that the launcher's death has ended is repeated soon.
//
// Thread safety: all functions may be called from any thread, RunDue from one
// at a time. Sources are run outside the lock.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_TIMETABLE_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_TIMETABLE_HPP_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/base/boot_clock.hpp"
#include "core/base/event_fd.hpp"
#include "core/scrape/scheduled_source.hpp"

namespace command_exporter {

class Timetable {
 public:
  using Time = BootClock::time_point;

  explicit Timetable(BootNow now = BootClock::now) : now_(std::move(now)) {}

  // Replaces all sources. One on known ScheduledRuns keeps its due times.
  void Replace(const std::vector<std::shared_ptr<ScheduledSource>>& sources);

  // The collector is due again within ten seconds.
  void RunAgain(const ScheduledRuns& runs);

  // Starts what is due, and returns when the next collector is; none: there is
  // none.
  std::optional<Time> RunDue();

  // Raised when due times have changed.
  EventFd& changed() { return changed_; }

  const BootNow& now() const { return now_; }

 private:
  struct Entry {
    std::shared_ptr<ScheduledSource> source{};
    Time due{};
    // One of the due times: the others are whole intervals away.
    Time grid{};
  };

  // By what outlives a reload.
  using Entries = std::map<const ScheduledRuns*, Entry>;

  // The first due times of new collectors.
  void Spread(const std::vector<Entry*>& added);
  // The first due time after `time`.
  static Time NextAfter(const Entry& entry, Time time);

  const BootNow now_;
  EventFd changed_;

  std::mutex mutex_;
  Entries entries_;        // under mutex_
  std::uint64_t added_{};  // under mutex_; since the start
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_TIMETABLE_HPP_
