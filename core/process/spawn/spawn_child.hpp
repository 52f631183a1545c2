// What a new process does between clone and execve.
//
// It may share the launcher's memory (see spawner.hpp), so it reads its plan,
// writes nothing but its report, and makes raw system calls only: no errno, no
// allocation, no lock, no libc. The order is deliberate: descriptors are
// closed before anything that can hang (chdir, execve), so that a program on a
// dead mount holds nobody else's pipe; ids change after what needs privilege
// and before the working directory, which is entered as the user who will work
// there. The last look at the program (spawn_trust.hpp) may hang as execve may.
//
// Thread safety: the plan does not change until the process has left it.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWN_CHILD_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWN_CHILD_HPP_

#include <sys/resource.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>

#include "core/process/command/command_runner.hpp"

namespace command_exporter {

struct ResourceLimit {
  int resource{};  // RLIMIT_...
  rlimit value{};
};

struct SpawnPlan {
  const char* const* paths{};  // absolute, null-terminated; tried in order
  const char* const* argv{};
  const char* const* envp{};
  const char* cwd{};
  int stdin_fd{-1};  // these three are above 2
  int stdout_fd{-1};
  int stderr_fd{-1};
  // A folder of cgroup v2, above 2; -1: the process stays in the launcher's.
  int cgroup{-1};
  bool cgroup_required{};  // else it may go on without
  bool enter_cgroup{};     // Spawner's: it is not in it from its start
  int highest_fd{};        // to close up to, where there is no close_range(2)
  mode_t umask{};
  bool set_nice{};
  int nice{};
  bool set_ids{};
  std::uint32_t uid{};
  std::uint32_t gid{};
  const std::uint32_t* groups{};
  std::size_t group_count{};
  bool check_program{};
  std::uint32_t program_owner{};  // beside root
  const ResourceLimit* limits{};
  std::size_t limit_count{};
  bool set_tag{};
  rlimit tag{};  // of the run, see run_tags.hpp
  pid_t parent{};
};

// Why there was no execve.
struct SpawnFailure {
  StartFault fault{StartFault::kNone};
  int error{};  // errno
};

struct SpawnOrder {
  SpawnPlan plan{};
  SpawnFailure failure{};  // written by the child
};

// The function of the new process; takes a SpawnOrder and never returns.
int SpawnChild(void* order);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWN_CHILD_HPP_
