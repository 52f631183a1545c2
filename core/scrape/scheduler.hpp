// Scheduler: the thread that starts scheduled collectors when they are due.
//
// It sleeps until the next due time, on a timer of the clock of schedules: a
// machine that wakes up from suspend gets what is due at once, and an idle
// exporter is not woken in between.
// Source: timerfd_create(2).
//
// Thread safety: constructor and destructor on one thread. Runs that are live
// at its end go on; their collectors' runner ends them.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_SCHEDULER_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_SCHEDULER_HPP_

#include <optional>
#include <thread>

#include "core/base/event_fd.hpp"
#include "core/base/unique_fd.hpp"
#include "core/scrape/timetable.hpp"

namespace command_exporter {

class Scheduler {
 public:
  // `timetable` must outlive the scheduler. Throws std::system_error when the
  // system gives no timer or no thread.
  explicit Scheduler(Timetable& timetable);
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

 private:
  void Loop();
  std::optional<Timetable::Time> RunDue();
  void SetTimer(std::optional<Timetable::Time> next) const;

  Timetable& timetable_;
  UniqueFd timer_;
  EventFd stop_;
  std::thread thread_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_SCHEDULER_HPP_
