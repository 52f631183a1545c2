// The launcher: one process, one thread, one epoll loop that starts commands,
// bounds them, kills them and reaps them.
//
// It alone signals and waits, so there is no race between a kill and a reaped
// pid. It reads no command's output (the read ends of the pipes go to the web
// side; it keeps duplicates only to see the hang-up), opens no file and keeps
// whatever privilege there is. Its resident size stays small, which is what
// makes the memory figures of the commands true: a child's peak starts at its
// spawner's. It never writes to standard error.
//
// Thread safety: RunLauncher is called in a process of one thread and owns it.
// Invariant: when no run is live, it has no child, and its descriptors are
// those of its start.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_LAUNCHER_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_LAUNCHER_HPP_

#include "core/process/launcher/launcher_options.hpp"

namespace command_exporter {

// Returns the process's exit status when either peer is gone and nothing is
// left of any run: 0; 1 when it could not be set up or something would not die.
int RunLauncher(LauncherOptions options);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_LAUNCHER_HPP_
