// BootClock: the clock of schedules, CLOCK_BOOTTIME.
//
// A step of the wall clock does not move it, and it goes on while the machine
// is suspended: a result of yesterday is old after a night in which the machine
// slept. The monotonic clock of deadlines (deadline.hpp) stands still then.
// Source: clock_gettime(2).
//
// Thread safety: now() may be called from any thread.
#ifndef COMMAND_EXPORTER_CORE_BASE_BOOT_CLOCK_HPP_
#define COMMAND_EXPORTER_CORE_BASE_BOOT_CLOCK_HPP_

#include <chrono>
#include <ctime>

#include "core/base/deadline.hpp"

namespace command_exporter {

struct BootClock {
  using duration = Duration;
  using time_point = std::chrono::time_point<BootClock, duration>;

  static time_point now() noexcept {
    timespec time{};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return time_point{std::chrono::seconds{time.tv_sec} +
                      std::chrono::nanoseconds{time.tv_nsec}};
  }
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_BOOT_CLOCK_HPP_
