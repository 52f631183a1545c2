// SpawnChild: the steps of a new process between clone and execve.
//
// The process may share the launcher's memory (see spawner.hpp), so it reads
// its plan, writes only its report, and makes only raw system calls: no errno,
// no allocation, no lock, no libc. The order is deliberate: descriptors are
// closed before anything that can hang (chdir, execve), so that a program on a
// dead mount holds no other run's pipe. Ids change after the steps that need
// privilege and before chdir, so that the run's user must be able to enter the
// working directory. The last check of the program (spawn_trust.hpp) may hang,
// as execve may. A process that could not enter its working directory or
// execute its program looks why (spawn_look.hpp).
//
// Thread safety: the plan does not change while the process uses our memory.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWN_CHILD_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWN_CHILD_HPP_

#include "core/process/command/start_diagnosis.hpp"
#include "core/process/spawn/spawn_plan.hpp"

namespace command_exporter {

struct SpawnOrder {
  SpawnPlan plan{};
  SpawnFailure failure{};  // written by the child
  // Also, but only with a failure. Not cleared: a start that succeeds must not
  // pay for it.
  StartDiagnosis diagnosis{};
};

// The function of the new process: takes a SpawnOrder and never returns.
int SpawnChild(void* order);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWN_CHILD_HPP_
