// The guardian: the process that was started (MainPID, or PID 1 in a
// container). It forks the loader, the launcher and the web side, forwards
// signals, reaps, and replaces a dead launcher.
//
// A third process is necessary: after the web side has dropped its privilege,
// only a process that still has it can fork a clean launcher and kill the
// orphans of the dead one. The guardian is a subreaper with one thread, so all
// processes that the launcher leaves become its children.
//
// docs/architecture.md has the sequence and the signals. HUP reloads. TERM and
// INT stop gracefully (scrapes in progress are finished, at most 10 s); a
// second one stops at once. When the guardian dies, pairs B and C close, and
// the other roles end their work.
//
// Thread safety: RunGuardian is called in a process of one thread, before any
// other is started, and owns it.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_HPP_

#include "core/process/guardian/guardian_options.hpp"

namespace command_exporter {

// Returns the exit status of the program: 0 after a requested stop, 1 when the
// first load failed or the web side ended unexpectedly.
int RunGuardian(GuardianOptions options);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_HPP_
