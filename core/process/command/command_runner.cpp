#include "core/process/command/command_runner.hpp"

namespace command_exporter {

const char* Name(StartFault fault) {
  switch (fault) {
    case StartFault::kNone:
      return "none";
    case StartFault::kTable:
      return "command table";
    case StartFault::kAdmission:
      return "admission";
    case StartFault::kHostBusy:
      return "admission on a busy host";
    case StartFault::kStillThere:
      return "admission after an earlier run";
    case StartFault::kStuckBefore:
      return "busy";
    case StartFault::kPipe:
      return "pipe";
    case StartFault::kStdin:
      return "stdin";
    case StartFault::kClone:
      return "clone";
    case StartFault::kSession:
      return "setsid";
    case StartFault::kDescriptors:
      return "descriptors";
    case StartFault::kUmask:
      return "umask";
    case StartFault::kLimits:
      return "setrlimit";
    case StartFault::kNice:
      return "setpriority";
    case StartFault::kGroups:
      return "setgroups";
    case StartFault::kGid:
      return "setresgid";
    case StartFault::kUid:
      return "setresuid";
    case StartFault::kChdir:
      return "chdir";
    case StartFault::kSignalMask:
      return "sigprocmask";
    case StartFault::kTrust:
      return "trust";
    case StartFault::kExec:
      return "execve";
    case StartFault::kCgroup:
      return "control group";
  }
  return "unknown";
}

}  // namespace command_exporter
