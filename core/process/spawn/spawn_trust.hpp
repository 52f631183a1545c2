// The last check of a program before execve, by raw system calls.
//
// A program that was safe at load may no longer be, so the new process checks
// again (path_trust.hpp has the rule). It does so itself, after its descriptors
// are closed: a check on a dead mount hangs, and must cost only one collector.
// It runs as the run's user, who must be able to find the program anyway.
//
// Thread safety: no state; for the child of spawner.hpp.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWN_TRUST_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWN_TRUST_HPP_

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "core/base/path_walk.hpp"
#include "core/process/spawn/spawn_syscall.hpp"

namespace command_exporter {

struct RawPathCalls {
  // On both machines with raw calls, the kernel's struct stat equals libc's.
  COMMAND_EXPORTER_WALK static long Facts(const char* path, PathFacts& facts) {
    struct stat info;
    info.st_uid = 0;  // of the rest nothing is read
    info.st_mode = 0;
    info.st_gid = 0;
#if COMMAND_EXPORTER_SHARED_MEMORY_SPAWN
    const long result =
        RawSyscall(SYS_newfstatat, AT_FDCWD, reinterpret_cast<long>(path),
                   reinterpret_cast<long>(&info), AT_SYMLINK_NOFOLLOW);
#else
    const long result = ::lstat(path, &info) == 0 ? 0 : -errno;
#endif
    if (result == 0) {
      facts.uid = info.st_uid;
      facts.mode = info.st_mode;
      facts.gid = info.st_gid;
    }
    return result;
  }

  COMMAND_EXPORTER_WALK static long Link(const char* path, char* text,
                                         std::size_t room) {
    return RawSyscall(SYS_readlinkat, AT_FDCWD, reinterpret_cast<long>(path),
                      reinterpret_cast<long>(text), static_cast<long>(room));
  }
};

struct ProgramJudge {
  std::uint32_t owner{};
  bool safe{true};

  COMMAND_EXPORTER_WALK void operator()(const char* /*path*/,
                                        const PathFacts& facts) {
    safe = safe && JudgeStep(facts, owner) == PathFault::kNone;
  }
};

// 0: only root and `owner` could change it; 1: others could, too; or minus
// errno.
COMMAND_EXPORTER_WALK long InspectProgram(const char* path,
                                          std::uint32_t owner) {
  // Most paths of a search in PATH do not exist; one call shows that.
  const long there =
      RawSyscall(SYS_faccessat, AT_FDCWD, reinterpret_cast<long>(path), F_OK);
  if (there < 0) {
    return there;
  }
  ProgramJudge judge{owner, true};
  const long result = WalkPath<RawPathCalls>(path, judge);
  if (result < 0) {
    return result;
  }
  return judge.safe ? 0 : 1;
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWN_TRUST_HPP_
