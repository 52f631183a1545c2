// The look of a new process at what kept it from execve.
//
// It is made in the process itself, after its failure: with the rights of the
// run, so that it sees nothing that the run's user could not see, and on the
// run's time, so that a dead mount costs only this run. A start that succeeds
// never comes here. Like all code of such a process (spawn_child.hpp) it makes
// only raw system calls and allocates nothing. It opens only regular files and
// reads one short block of one file.
//
// Thread safety: no state; for the child of spawner.hpp.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWN_LOOK_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWN_LOOK_HPP_

#include "core/process/command/start_diagnosis.hpp"
#include "core/process/spawn/spawn_plan.hpp"

namespace command_exporter {

// Fills `found` for a failure at chdir or execve. An error of 0: execve was not
// tried (SpawnPlan::only_look).
void LookAtFailure(const SpawnPlan& plan, const SpawnFailure& failure,
                   StartDiagnosis& found);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWN_LOOK_HPP_
