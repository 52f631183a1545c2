// The launcher: one process, one thread, one epoll loop that starts commands,
// bounds them, kills them and reaps them.
//
// Only the launcher signals and waits, so a kill cannot race with a reaped pid.
// It reads no command's output (the read ends of the pipes go to the web side;
// it keeps duplicates only to see the hang-up), opens no file and keeps its
// privilege, if any. Its resident size stays small, which makes the memory
// figures of the commands true: a child's peak starts at its spawner's. It
// never writes to standard error.
//
// Thread safety: RunLauncher is called in a process of one thread and owns it.
// Invariant: when no run is live, it has no child, and the same descriptors as
// at its start.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_LAUNCHER_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_LAUNCHER_HPP_

#include "core/process/launcher/launcher_options.hpp"

namespace command_exporter {

// Ends when either peer is gone. Returns the exit status: 0 when nothing is
// left of any run; 1 when the set-up failed or a process did not die.
int RunLauncher(LauncherOptions options);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_LAUNCHER_HPP_
