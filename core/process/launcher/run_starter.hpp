// RunStarter: makes a run out of a waiting one: pipes, input, control group,
// and the process.
//
// A child may share our memory until it has called execve (spawner.hpp), so a
// run keeps its slot until then, and what the plan points to stays where it is.
//
// Thread safety: none; the launcher's thread. Invariant: a slot is released
// once, when its child has left our memory or has been reaped.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_STARTER_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_STARTER_HPP_

#include <sys/resource.h>
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/launcher/admission_queue.hpp"
#include "core/process/launcher/cgroup_pool.hpp"
#include "core/process/launcher/run.hpp"
#include "core/process/launcher/run_tags.hpp"
#include "core/process/spawn/spawner.hpp"

namespace command_exporter {

class RunStarter {
 public:
  // Both must outlive this. `open_files`: the limit that commands get.
  RunStarter(CgroupPool& cgroups, const RunTags& tags,
             const rlimit& open_files);

  // Its state is kRunning. `serial` is its own, counted up from 1. On an error
  // nothing of it is left, its control group included.
  Result<std::unique_ptr<Run>, SpawnFailure> Start(WaitingRun waiting,
                                                   std::uint64_t serial);

  // To be called when the leader has been reaped; `run.start` then says why
  // there was no execve, if so.
  void LeaderReaped(Run& run);

 private:
  // What the child gets and we close.
  struct ChildEnds {
    UniqueFd input{};  // none: /dev/null
    UniqueFd out{};
    UniqueFd err{};
  };

  SpawnFailure Open(const CommandSpec& spec, Run& run, ChildEnds& ends);
  SpawnFailure Contain(const CommandSpec& spec, Run& run);
  SpawnPlan PlanFor(const Run& run, Duration timeout,
                    const ChildEnds& ends) const;
  void HarvestSlots();

  CgroupPool* cgroups_;
  const RunTags* tags_;
  rlimit open_files_;
  Spawner spawner_{ChosenSpawnMode()};
  UniqueFd null_input_;
  pid_t self_;
  int highest_fd_{};
  std::vector<Run*> launching_{};  // their slot is not back yet
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_STARTER_HPP_
