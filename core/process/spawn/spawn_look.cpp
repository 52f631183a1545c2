#include "core/process/spawn/spawn_look.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>  // ST_NOEXEC

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "core/base/path_walk.hpp"
#include "core/process/spawn/spawn_syscall.hpp"
#include "core/process/spawn/spawn_trust.hpp"

namespace command_exporter {
namespace {

#define COMMAND_EXPORTER_LOOK \
  COMMAND_EXPORTER_UNINSTRUMENTED __attribute__((noinline))

constexpr std::uint32_t kModeBits = 07777;
constexpr std::size_t kHeadBytes = 256;  // BINPRM_BUF_SIZE of the kernel

COMMAND_EXPORTER_WALK long Address(const void* pointer) {
  return reinterpret_cast<long>(pointer);
}

// `from` up to its NUL, cut to the room.
COMMAND_EXPORTER_WALK void CopyText(const char* from, std::size_t room,
                                    volatile char* to) {
  std::size_t size = 0;
  while (size + 1 < room && from[size] != '\0') {
    to[size] = from[size];
    ++size;
  }
  to[size] = '\0';
}

struct LastStep {
  std::uint32_t mode{};
  std::uint32_t owner{};

  COMMAND_EXPORTER_WALK void operator()(const char* /*path*/,
                                        const PathFacts& seen) {
    mode = seen.mode;
    owner = seen.uid;
  }
};

// The end of a way: the step that it ended at, and what that is. Follow fills
// it. Without initializers: a constructor would be a function for sanitizers.
// NOLINTBEGIN(cppcoreguidelines-pro-type-member-init)
struct WayEnd {
  long result;  // 0, or minus errno
  std::uint32_t mode;
  std::uint32_t owner;
  char step[kLongestWalk];
};

// NOLINTEND(cppcoreguidelines-pro-type-member-init)

COMMAND_EXPORTER_WALK void Tell(StartObstacle obstacle, const WayEnd& end,
                                StartDiagnosis& found) {
  found.obstacle = obstacle;
  found.mode = static_cast<std::uint16_t>(end.mode & kModeBits);
  found.owner = end.owner;
  CopyText(end.step, StartDiagnosis::kPathRoom, found.path);
}

// Goes back from a step that could not be looked at to its folder.
COMMAND_EXPORTER_WALK void BackToFolder(WayEnd& end) {
  std::size_t size = 0;
  std::size_t slash = 0;
  for (; end.step[size] != '\0'; ++size) {
    slash = end.step[size] == '/' ? size : slash;
  }
  end.step[slash > 0 ? slash : 1] = '\0';
  PathFacts facts{0, 0, 0};
  RawPathCalls::Facts(end.step, facts);
  end.mode = facts.mode;
  end.owner = facts.uid;
}

// Follows `path`, which is absolute, as the kernel does.
COMMAND_EXPORTER_LOOK void Follow(const char* path, WayEnd& end) {
  char rest[kLongestWalk];
  LastStep last{0, 0};
  end.step[0] = '\0';
  end.result = WalkPathIn<RawPathCalls>(path, end.step, rest, last);
  end.mode = last.mode;
  end.owner = last.owner;
  if (end.step[0] == '\0') {
    end.step[0] = '/';
    end.step[1] = '\0';
  }
}

// True: the way ends before the file, and `found` says where.
COMMAND_EXPORTER_WALK bool EndsEarly(WayEnd& end, StartDiagnosis& found) {
  if (end.result == -ENOENT) {
    Tell(StartObstacle::kMissing, end, found);
  } else if (end.result == -ENOTDIR) {
    BackToFolder(end);
    Tell(StartObstacle::kNoFolder, end, found);
  } else if (end.result == -EACCES) {
    BackToFolder(end);
    Tell(StartObstacle::kClosed, end, found);
  }
  return end.result < 0;
}

COMMAND_EXPORTER_WALK bool MayExecute(const char* path) {
  return RawSyscall(SYS_faccessat, AT_FDCWD, Address(path), X_OK) == 0;
}

COMMAND_EXPORTER_WALK bool IsMountedNoexec(const char* path) {
  struct statfs info;
  info.f_flags = 0;  // of the rest nothing is read
  return RawSyscall(SYS_statfs, Address(path), reinterpret_cast<long>(&info)) ==
             0 &&
         (static_cast<unsigned long>(info.f_flags) & ST_NOEXEC) != 0;
}

// The first bytes of a regular file, a NUL behind them; minus errno, for
// example of a program that may be executed and not read.
COMMAND_EXPORTER_WALK long ReadHead(const char* path, char* head) {
  const long file = RawSyscall(SYS_openat, AT_FDCWD, Address(path),
                               O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file < 0) {
    return file;
  }
  const long size = RawSyscall(SYS_read, file, Address(head), kHeadBytes - 1);
  RawSyscall(SYS_close, file);
  head[size > 0 ? size : 0] = '\0';
  return size;
}

// Cuts `head`, which begins with "#!", to the interpreter that the kernel
// reads in it.
COMMAND_EXPORTER_WALK const char* InterpreterIn(char* head) {
  std::size_t from = 2;
  while (head[from] == ' ' || head[from] == '\t') {
    ++from;
  }
  std::size_t end = from;
  while (head[end] != '\0' && head[end] != ' ' && head[end] != '\t' &&
         head[end] != '\n') {
    ++end;
  }
  head[end] = '\0';
  return head + from;
}

// `at` is where `found` says so of the script.
COMMAND_EXPORTER_LOOK void LookAtInterpreter(const char* interpreter,
                                             WayEnd& at,
                                             StartDiagnosis& found) {
  if (interpreter[0] == '\0') {
    Tell(StartObstacle::kNoInterpreter, at, found);
    return;
  }
  StartObstacle obstacle = StartObstacle::kNone;
  const long there =
      RawSyscall(SYS_faccessat, AT_FDCWD, Address(interpreter), F_OK);
  if (there == -ENOENT || there == -ENOTDIR) {
    obstacle = StartObstacle::kInterpreterMissing;
  } else if (there < 0 || !MayExecute(interpreter)) {
    obstacle = StartObstacle::kInterpreterClosed;
  }
  if (obstacle != StartObstacle::kNone) {
    Tell(obstacle, at, found);
    CopyText(interpreter, StartDiagnosis::kInterpreterRoom, found.interpreter);
  }
}

COMMAND_EXPORTER_LOOK void LookAtHead(const char* path, int error, WayEnd& at,
                                      StartDiagnosis& found) {
  char head[kHeadBytes];
  const long size = ReadHead(path, head);
  if (size < 0) {
    return;
  }
  if (head[0] == '#' && head[1] == '!') {
    LookAtInterpreter(InterpreterIn(head), at, found);
    return;
  }
  const bool elf =
      head[0] == 0x7F && head[1] == 'E' && head[2] == 'L' && head[3] == 'F';
  if (elf && error == ENOENT) {
    Tell(StartObstacle::kNoLoader, at, found);
  } else if (error == ENOEXEC) {
    Tell(size == 0 ? StartObstacle::kEmpty
         : elf     ? StartObstacle::kForeign
                   : StartObstacle::kNoInterpreter,
         at, found);
  }
}

// The file at the end of a whole way.
COMMAND_EXPORTER_WALK void LookAtFile(const char* path, int error, WayEnd& end,
                                      StartDiagnosis& found) {
  if (!S_ISREG(end.mode)) {
    Tell(StartObstacle::kNoFile, end, found);
  } else if (MayExecute(path)) {
    LookAtHead(path, error, end, found);
  } else {
    Tell(IsMountedNoexec(path) ? StartObstacle::kMount
                               : StartObstacle::kNotExecutable,
         end, found);
  }
}

// As execve goes through them: the first file decides. Without one, a folder
// that is closed may hide it.
COMMAND_EXPORTER_LOOK void LookAtPaths(const SpawnPlan& plan, int error,
                                       StartDiagnosis& found) {
  const bool searched = plan.paths[0] != nullptr && plan.paths[1] != nullptr;
  WayEnd end;
  for (const char* const* path = plan.paths; *path != nullptr; ++path) {
    Follow(*path, end);
    if (end.result == 0 && (S_ISREG(end.mode) || !searched)) {
      found.obstacle = StartObstacle::kNone;
      LookAtFile(*path, error, end, found);
      return;
    }
    if (!searched) {
      EndsEarly(end, found);
      return;
    }
    if (end.result == -EACCES && found.obstacle == StartObstacle::kNone) {
      EndsEarly(end, found);
    }
  }
  if (found.obstacle == StartObstacle::kNone) {
    found.obstacle = StartObstacle::kMissing;
    found.path[0] = '\0';
  }
}

COMMAND_EXPORTER_LOOK void LookAtFolder(const char* path, int error,
                                        StartDiagnosis& found) {
  WayEnd end;
  Follow(path, end);
  if (EndsEarly(end, found)) {
    return;
  }
  if (!S_ISDIR(end.mode)) {
    Tell(StartObstacle::kNoFolder, end, found);
  } else if (error == EACCES) {
    Tell(StartObstacle::kClosed, end, found);
  }
}

}  // namespace

COMMAND_EXPORTER_LOOK void LookAtFailure(const SpawnPlan& plan,
                                         const SpawnFailure& failure,
                                         StartDiagnosis& found) {
  found.user = static_cast<std::uint32_t>(RawSyscall(SYS_geteuid));
  if (failure.fault == StartFault::kChdir) {
    LookAtFolder(plan.cwd, failure.error, found);
  } else if (failure.fault == StartFault::kExec) {
    found.is_program = 1;
    LookAtPaths(plan, failure.error, found);
  }
}

}  // namespace command_exporter
