// Clocks and deadlines.
//
// The program passes deadlines, never timeouts: every layer compares its own
// wait with the same point on the monotonic clock. A step of the wall clock has
// no effect. Seconds as double appear only at the borders (configuration, HTTP
// header, exposition).
//
// CLOCK_MONOTONIC is the same in every process of the machine, so a deadline
// may cross a process border as its nanoseconds.
//
// Thread safety: values; no shared state.
#ifndef COMMAND_EXPORTER_CORE_BASE_DEADLINE_HPP_
#define COMMAND_EXPORTER_CORE_BASE_DEADLINE_HPP_

#include <algorithm>
#include <chrono>
#include <compare>
#include <cstdint>
#include <limits>

namespace command_exporter {

using Clock = std::chrono::steady_clock;
using Duration = std::chrono::nanoseconds;

inline double ToSeconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

// Requires: `seconds` is finite and within ±292 years.
inline Duration FromSeconds(double seconds) {
  return std::chrono::duration_cast<Duration>(
      std::chrono::duration<double>(seconds));
}

class Deadline {
 public:
  // A deadline that never passes.
  constexpr Deadline() = default;

  constexpr explicit Deadline(Clock::time_point at) : at_(at) {}

  static Deadline After(Duration timeout) {
    return Deadline{Clock::now() + timeout};
  }

  static constexpr Deadline FromNanoseconds(std::int64_t since_boot) {
    return Deadline{Clock::time_point{Duration{since_boot}}};
  }

  constexpr Clock::time_point at() const { return at_; }

  constexpr std::int64_t nanoseconds() const {
    return at_.time_since_epoch().count();
  }

  bool IsNever() const { return at_ == Clock::time_point::max(); }

  bool Passed(Clock::time_point now = Clock::now()) const { return now >= at_; }

  // Never negative.
  Duration Remaining(Clock::time_point now = Clock::now()) const {
    return std::max(Duration{0}, Duration{at_ - now});
  }

  friend constexpr auto operator<=>(Deadline, Deadline) = default;

 private:
  Clock::time_point at_ = Clock::time_point::max();
};

// For poll(2) and epoll_wait(2): -1 when the deadline never passes. Rounded up,
// because rounding down would spin through the last fraction of a millisecond.
inline int MillisecondsUntil(Deadline deadline,
                             Clock::time_point now = Clock::now()) {
  if (deadline.IsNever()) {
    return -1;
  }
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline.Remaining(now));
  return static_cast<int>(
      std::min<std::int64_t>(left.count(), std::numeric_limits<int>::max()));
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_DEADLINE_HPP_
