// Admission: the runs that wait for their start, and who starts next.
//
// It looks at all that decides a start: the queue, the host's load, the places
// that are left, and whether an earlier run of the same command is still there.
// The rules are AdmissionPolicy's; the refusals, with their reasons, are made
// here.
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
#include "core/process/system/proc_files.hpp"

namespace command_exporter {

class Admission {
 public:
  struct Others {
    RunTable& runs;
    const Generations& generations;
    // Reports that a run will not start.
    std::function<void(std::uint64_t job, StartFault fault)> refuse{};
  };

  // The others must outlive this.
  Admission(std::size_t hard_limit, Others others);

  // Refused at once when too many wait.
  void Add(WaitingRun run);
  // False: no such job waits.
  bool Cancel(std::uint64_t job);
  void Extend(std::uint64_t job, Deadline start_by);

  // Refuses what has waited too long, and starts what may start now.
  void Admit(Clock::time_point now);
  // When Admit is due, though nothing has changed.
  Deadline Next(Clock::time_point now) const;

  // What the collectors' commands need, learned from their runs.
  ProcessorNeeds& needs() { return policy_.needs(); }

 private:
  void RefuseLate(Clock::time_point now);
  void RefuseStuck();
  StartFault WhyLate(const WaitingRun& run) const;
  bool IsFree(const WaitingRun& run) const;
  // What nothing but admission keeps from its start.
  AdmissionQueue::Condition MayStart() const;
  std::size_t IdleCollectors(
      const std::unordered_set<std::uint64_t>& busy) const;

  Others others_;
  HostLoad load_{};
  AdmissionQueue queue_{};
  AdmissionPolicy policy_;
  // On those that wait. A busy host: look again soon.
  AdmissionPolicy::Verdict verdict_{AdmissionPolicy::Verdict::kNoneFree};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_ADMISSION_HPP_
