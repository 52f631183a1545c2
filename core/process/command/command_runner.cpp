#include "core/process/command/command_runner.hpp"

namespace command_exporter {

const char* Name(SpawnStage stage) {
  switch (stage) {
    case SpawnStage::kNone:
      return "none";
    case SpawnStage::kTable:
      return "command table";
    case SpawnStage::kAdmission:
      return "admission";
    case SpawnStage::kHostBusy:
      return "admission on a busy host";
    case SpawnStage::kStillThere:
      return "admission after an earlier run";
    case SpawnStage::kBusy:
      return "busy";
    case SpawnStage::kPipe:
      return "pipe";
    case SpawnStage::kStdin:
      return "stdin";
    case SpawnStage::kClone:
      return "clone";
    case SpawnStage::kSession:
      return "setsid";
    case SpawnStage::kDescriptors:
      return "descriptors";
    case SpawnStage::kUmask:
      return "umask";
    case SpawnStage::kLimits:
      return "setrlimit";
    case SpawnStage::kNice:
      return "setpriority";
    case SpawnStage::kGroups:
      return "setgroups";
    case SpawnStage::kGid:
      return "setresgid";
    case SpawnStage::kUid:
      return "setresuid";
    case SpawnStage::kChdir:
      return "chdir";
    case SpawnStage::kSignalMask:
      return "sigprocmask";
    case SpawnStage::kTrust:
      return "trust";
    case SpawnStage::kExec:
      return "execve";
    case SpawnStage::kCgroup:
      return "control group";
  }
  return "unknown";
}

}  // namespace command_exporter
