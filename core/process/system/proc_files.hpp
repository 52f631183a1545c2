// What /proc says about one process, another or this one.
// proc(5), https://docs.kernel.org/filesystems/proc.html
//
// Thread safety: pure but for the file system.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_PROC_FILES_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_PROC_FILES_HPP_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/deadline.hpp"

namespace command_exporter {

// The initial environment of the process: variables ended by NULs. Empty when
// it may not be read or is gone. Overwrites `environment`.
void ReadEnvironment(pid_t pid, std::string& environment);

// The text of its /proc/PID/cgroup; empty when it is gone.
std::string CgroupOf(pid_t pid);

// What /proc/PID/stat says, which every user may read of every process.
struct ProcessFacts {
  std::string name{};  // of its program, at most 15 bytes, which it may choose
  char state{};        // R, S, D, T, t, Z, X, I
  pid_t parent{};
  // By CLOCK_BOOTTIME, rounded up to the kernel's tick of 10 ms.
  Duration started{};
};

// None when it is gone.
std::optional<ProcessFacts> FactsOf(pid_t pid);

// Its hard limit of processor time under a real-time policy, in microseconds;
// RLIM_INFINITY: none. 0 when it is gone.
std::uint64_t RealTimeLimitOf(pid_t pid);
// In a text of the form of /proc/PID/limits.
std::uint64_t RealTimeLimitIn(std::string_view limits);

// How often its threads in state D (proc(5)) have left a processor so far: two
// equal numbers at two times are one sleep. None: no thread is in that state. A
// process whose first thread has ended shows state Z itself, whatever its
// others do.
std::optional<std::uint64_t> SwitchesInKernelSleep(pid_t pid);

// For this process; 0 where /proc does not say.
std::uint64_t OwnResidentBytes();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_PROC_FILES_HPP_
