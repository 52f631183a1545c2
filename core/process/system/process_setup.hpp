// What a process makes of itself before it takes up its role.
//
// A parent may have closed the standard descriptors, ignored SIGCHLD or blocked
// everything; all of that would pass to the commands and falsify what they
// report. So guardian and launcher put it right, each for itself.
//
// Thread safety: called in a process of one thread. signal(7), prctl(2),
// getrlimit(2).
#ifndef COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_PROCESS_SETUP_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_PROCESS_SETUP_HPP_

#include <sys/resource.h>
#include <sys/types.h>

#include <csignal>
#include <initializer_list>

namespace command_exporter {

// /dev/null on those of 0 to 2 that are closed: a child takes its three by
// dup3(2) from other numbers.
void FillStandardDescriptors();

void SetDisposition(int signal, void (*disposition)(int));

// Each signal that is ignored gets its default again. Handlers stay: after
// execve(2) there can be none but the run time's (a sanitizer's).
void UndoInheritedIgnore();

// A write to a pipe without a reader, or beyond the limit of file size
// (LimitFSIZE=), fails from now on instead of ending the process. A command's
// output or a full log file would otherwise end the service. Commands get the
// defaults again, from the launcher.
void IgnoreWriteSignals();

sigset_t SignalSet(std::initializer_list<int> signals);

// The signal that this process gets when the guardian dies. A change of user
// takes it away, so it is asked for again after one. Exits when it is dead
// already. PR_SET_PDEATHSIG in prctl(2).
void FollowGuardian(pid_t guardian, int signal);

// Nobody but root may trace this process or read its memory, environment and
// open files. Where a plain user started the exporter, a command of the same
// user could else read another collector's secrets. Forked processes inherit
// it; a change of ids undoes it (the kernel then takes fs.suid_dumpable), so it
// is asked for again after one; execve(2) undoes it, so commands are not
// affected. PR_SET_DUMPABLE in prctl(2).
void HideMemory();

// Sets the soft limit of open files; a refusal leaves it as it is.
void SetOpenFiles(rlim_t soft);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_PROCESS_SETUP_HPP_
