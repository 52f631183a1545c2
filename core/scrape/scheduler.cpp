#include "core/scrape/scheduler.hpp"

#include <poll.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <new>
#include <system_error>

namespace command_exporter {

Scheduler::Scheduler(Timetable& timetable)
    : timetable_(timetable),
      timer_(::timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK)) {
  if (!timer_) {
    throw std::system_error(errno, std::generic_category(), "timerfd_create");
  }
  thread_ = std::thread([this] { Loop(); });
}

Scheduler::~Scheduler() {
  stop_.Raise();
  thread_.join();
}

void Scheduler::Loop() {
  while (!stop_.IsRaised()) {
    timetable_.changed().Clear();
    SetTimer(RunDue());
    std::array<pollfd, 3> wait{{{timer_.get(), POLLIN, 0},
                                {timetable_.changed().fd(), POLLIN, 0},
                                {stop_.fd(), POLLIN, 0}}};
    ::poll(wait.data(), wait.size(), -1);
  }
}

// Without memory, what is due is started when there is some again.
std::optional<Timetable::Time> Scheduler::RunDue() {
  try {
    return timetable_.RunDue();
  } catch (const std::bad_alloc&) {
    return timetable_.now()() + std::chrono::seconds{1};
  }
}

// Setting it also clears an expiry that nobody has read. A time of 0 would
// disarm it, so what is due already is due in a nanosecond.
void Scheduler::SetTimer(std::optional<Timetable::Time> next) const {
  itimerspec spec{};
  if (next) {
    const Duration at = std::max(next->time_since_epoch(), Duration{1});
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
    spec.it_value.tv_sec = seconds.count();
    spec.it_value.tv_nsec = (at - seconds).count();
  }
  ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &spec, nullptr);
}

}  // namespace command_exporter
