#include "core/process/command/command_runner.hpp"

#include <array>

namespace command_exporter {

const char* Name(StartFault fault) {
  constexpr std::array<const char*, 23> kNames = {
      "none",
      "command table",
      "admission",
      "admission on a busy host",
      "admission after an earlier run",
      "admission after too many others",
      "busy",
      "pipe",
      "stdin",
      "clone",
      "setsid",
      "descriptors",
      "umask",
      "setrlimit",
      "setpriority",
      "setgroups",
      "setresgid",
      "setresuid",
      "chdir",
      "sigprocmask",
      "trust",
      "execve",
      "control group"};
  static_assert(kNames.size() ==
                static_cast<std::size_t>(StartFault::kCgroup) + 1);
  const auto index = static_cast<std::size_t>(fault);
  return index < kNames.size() ? kNames[index] : "unknown";
}

}  // namespace command_exporter
