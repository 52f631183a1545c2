// MachineDelay: how long this machine makes the launcher and a timer wait for a
// processor, at every moment of the run.
//
// A late result proves nothing while the machine is busy with other work: the
// launcher cannot kill in time without a processor. A thread of the soak
// therefore sleeps five milliseconds again and again. It records how late it
// woke, and how long the launcher was ready to run without running, as the
// kernel counts it (/proc/PID/schedstat). A bound is widened by the delay of
// the same time, and by no more.
//
// Thread safety: Between may be called from any thread.
#ifndef COMMAND_EXPORTER_TESTS_SOAK_MACHINE_DELAY_HPP_
#define COMMAND_EXPORTER_TESTS_SOAK_MACHINE_DELAY_HPP_

#include <sys/types.h>

#include <atomic>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "core/base/deadline.hpp"

namespace command_exporter {

class MachineDelay {
 public:
  explicit MachineDelay(pid_t launcher);
  ~MachineDelay();
  MachineDelay(const MachineDelay&) = delete;
  MachineDelay& operator=(const MachineDelay&) = delete;

  // The possible delay by the machine between the two: the launcher's wait,
  // and, for the processes that it ends, three successive wake-ups (TERM, KILL,
  // the end), each as late as the worst one seen.
  Duration Between(Clock::time_point from, Clock::time_point to) const;

  // The caller woke late by that much.
  void Add(Clock::time_point at, Duration late);

  Duration worst() const;

 private:
  struct Sample {
    Clock::time_point at{};
    Duration late{};
  };

  struct Wait {
    Clock::time_point at{};
    Duration sum{};  // since the launcher's start
  };

  void Watch();
  void AddWait(Clock::time_point at);

  mutable std::mutex mutex_{};
  std::deque<Sample> samples_{};  // those worth keeping, of the last minute
  std::deque<Wait> waits_{};      // of the last minute
  std::string wait_file_;
  Duration worst_{};
  std::atomic<bool> ended_{};
  std::thread thread_{};  // last: it uses the others
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_SOAK_MACHINE_DELAY_HPP_
