// Admission: the runs that wait for their start, and the choice of the next
// one.
//
// It considers everything that decides a start: the queue, the host's load, the
// free places, and whether an earlier run of the same command is still there.
// AdmissionPolicy has the rules; this class makes the refusals with their
// reasons.
//
// Thread safety: none; the launcher's thread. Invariant: a run is in the queue
// until it is started, refused, or taken out by Cancel.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_ADMISSION_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_ADMISSION_HPP_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_set>

#include "core/base/deadline.hpp"
#include "core/process/command/command_runner.hpp"
#include "core/process/launcher/admission_policy.hpp"
#include "core/process/launcher/admission_queue.hpp"
#include "core/process/launcher/run_command.hpp"
#include "core/process/launcher/run_table.hpp"
#include "core/process/system/host_load.hpp"

namespace command_exporter {

class Admission {
 public:
  struct Others {
    RunTable& runs;
    const Generations& generations;
    // Reports that a run will not start.
    std::function<void(std::uint64_t job, StartFault fault)> refuse{};
  };

  // `others` must outlive this object.
  Admission(std::size_t hard_limit, Others others);

  // A run is refused at once when too many wait. `behind`: so many others wait
  // in the web side.
  void Add(WaitingRun run, std::size_t behind = 0);
  // False: no such job waits.
  bool Cancel(std::uint64_t job);
  void Extend(std::uint64_t job, Deadline start_by);

  // Refuses runs that have waited too long, and starts runs that may start now.
  void Admit(Clock::time_point now);
  // The time when Admit is due without any event.
  Deadline Next(Clock::time_point now) const;

  // The processor needs of the collectors' commands, learned from their runs.
  ProcessorNeeds& needs() { return policy_.needs(); }

 private:
  void RefuseLate(Clock::time_point now);
  void RefuseStuck();
  StartFault WhyLate(const WaitingRun& run) const;
  bool IsFree(const WaitingRun& run) const;
  // True for runs that only admission itself may delay.
  AdmissionQueue::Condition MayStart() const;
  std::size_t IdleCollectors(
      const std::unordered_set<std::uint64_t>& busy) const;

  Others others_;
  HostLoad load_{};
  AdmissionQueue queue_{};
  std::size_t behind_{};  // as the last run said
  AdmissionPolicy policy_;
  // The verdict on the waiting runs. After kBusyHost, Admit is due again soon.
  AdmissionPolicy::Verdict verdict_{AdmissionPolicy::Verdict::kNoneFree};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_ADMISSION_HPP_
