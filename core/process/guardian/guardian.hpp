// The guardian: the process that was started (MainPID, or PID 1 in a
// container). It forks the loader, the launcher and the web side, forwards
// signals, reaps, and puts a new launcher in the place of a dead one.
//
// A third process, because after the web side has dropped its privilege only
// somebody who has kept it can fork a clean launcher and kill what the dead one
// left. The guardian is a subreaper with one thread: whatever the launcher
// leaves behind becomes its child.
//
// Sequence and signals: docs/architecture.md. HUP reloads; TERM and INT stop
// gracefully (scrapes in progress are finished, at most 10 s), a second one at
// once. Guardian dead: pairs B and C close, and both others end their work.
//
// Thread safety: RunGuardian is called in a process of one thread, before any
// other is started, and owns it.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_HPP_

#include "core/process/guardian/guardian_options.hpp"

namespace command_exporter {

// Returns the exit status of the program: 0 after a requested stop, 1 when the
// first load failed or the web side ended by itself.
int RunGuardian(GuardianOptions options);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_HPP_
