// What the launcher makes of its process before its loop starts.
//
// It puts right what a parent left (process_setup.hpp), and more: descriptors
// that are open in exec, and handlers, would pass to commands as well.
//
// Before that, its parent binds what the launcher will call of the libraries.
//
// Thread safety: called in a process of one thread.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_LAUNCHER_SETUP_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_LAUNCHER_SETUP_HPP_

#include <sys/resource.h>

#include "core/base/unique_fd.hpp"

namespace command_exporter {

// Own session, subreaper, default dispositions, all signals blocked, soft
// limit of open files at the hard one, every descriptor above 2 CLOEXEC.
// Returns the limit of open files as it was found.
rlimit SetUpLauncherProcess();

// For the parent, before the fork. A library's first call of a function of its
// own makes ld.so(8) read the symbol tables of all libraries: 1.1 MB more that
// are resident in the process that makes it, and the peak of every command
// begins with that of its launcher.
void BindLibraries();

// Readable when a child has changed its state. Empty on failure.
UniqueFd OpenChildSignals();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_LAUNCHER_SETUP_HPP_
