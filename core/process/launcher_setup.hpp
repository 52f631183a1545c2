// What the launcher makes of its process before its loop starts.
//
// A parent may leave descriptors 0 to 2 closed, others open in exec, SIGCHLD
// ignored (then waits fail and every exit status would be lost) or signals
// blocked; all of that would also pass to commands.
//
// Thread safety: called once, in a process of one thread.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_SETUP_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_SETUP_HPP_

#include <sys/resource.h>

#include "core/base/unique_fd.hpp"

namespace command_exporter {

// Own session, subreaper, default dispositions, all signals blocked, soft
// limit of open files at the hard one, every descriptor above 2 CLOEXEC.
// Returns the limit of open files as it was found.
rlimit SetUpLauncherProcess();

// Readable when a child has changed its state. Empty on failure.
UniqueFd OpenChildSignals();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_SETUP_HPP_
