// Sets up the guardian's process and each child that it forks.
//
// Thread safety: called in a process of one thread. signal(7), signalfd(2),
// prctl(2).
#ifndef COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_SETUP_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_SETUP_HPP_

#include <sys/resource.h>
#include <sys/types.h>

#include <functional>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"

namespace command_exporter {

struct GuardianProcess {
  UniqueFd signals{};   // signalfd of the blocked signals
  rlim_t open_files{};  // the original soft limit, for the commands
};

// /dev/null on missing 0 to 2; ignored signals back to the default, PIPE
// ignored; exactly HUP, INT, TERM and CHLD blocked; subreaper; soft limit of
// open files raised to the hard one.
Result<GuardianProcess> SetUpGuardian();

enum class ChildRole {
  // HUP, INT and TERM may be sent to the whole group (by Ctrl-C): both roles
  // ignore them, because the guardian alone decides what follows. They get KILL
  // at its death.
  kLoader,
  kWebSide,
  // Own session, all signals blocked, PIPE back to the default. The launcher
  // gets CONT at the guardian's death, so that a stopped launcher also clears
  // its runs.
  kLauncher,
};

// Forks; the child takes its role's name and signals, runs `body` and exits
// with its value. `body` closes what does not belong to it.
Result<pid_t> ForkChild(ChildRole role, const std::function<int()>& body);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_SETUP_HPP_
