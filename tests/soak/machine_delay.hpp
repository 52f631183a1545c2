// MachineDelay: how late this machine serves an ordinary timer, at every moment
// of the run.
//
// A result that comes late proves nothing while the machine is busy with other
// work: the launcher cannot kill in time that it is not given. So a thread of
// the soak sleeps five milliseconds again and again and notes how late it woke;
// a bound on the launcher is widened by what was seen in the same stretch of
// time, and by no more.
//
// Thread safety: Between may be called from any thread.
#ifndef COMMAND_EXPORTER_TESTS_SOAK_MACHINE_DELAY_HPP_
#define COMMAND_EXPORTER_TESTS_SOAK_MACHINE_DELAY_HPP_

#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

#include "core/base/deadline.hpp"

namespace command_exporter {

class MachineDelay {
 public:
  MachineDelay();
  ~MachineDelay();
  MachineDelay(const MachineDelay&) = delete;
  MachineDelay& operator=(const MachineDelay&) = delete;

  // What the machine may have cost between the two: a run's end takes three
  // wake-ups one after the other (TERM, KILL, the reaping), so three times the
  // worst that was seen, and what the caller itself has missed.
  Duration Between(Clock::time_point from, Clock::time_point to) const;

  // The caller woke late by that much.
  void Add(Clock::time_point at, Duration late);

  Duration worst() const;

 private:
  struct Sample {
    Clock::time_point at{};
    Duration late{};
  };

  void Watch();

  mutable std::mutex mutex_{};
  std::deque<Sample> samples_{};  // those worth keeping, of the last minute
  Duration worst_{};
  std::atomic<bool> ended_{};
  std::thread thread_{};  // last: it uses the others
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_SOAK_MACHINE_DELAY_HPP_
