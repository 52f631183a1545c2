// SpawnChild: the steps of a new process between clone and execve.
//
// The process may share the launcher's memory (see spawner.hpp), so it reads
// its plan, writes only its report, and makes only raw system calls: no errno,
// no allocation, no lock, no libc. The order is deliberate: descriptors are
// closed before anything that can hang (chdir, execve), so that a program on a
// dead mount holds no other run's pipe. Ids change after the steps that need
// privilege and before chdir, so that the run's user must be able to enter the
// working directory. The last check of the program (spawn_trust.hpp) may hang,
// as execve may.
//
// Thread safety: the plan does not change while the process uses our memory.
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
  bool cgroup_required{};  // else the run goes on without it
  bool enter_cgroup{};     // set by Spawner: the child must enter it itself
  int highest_fd{};        // the last to close without close_range(2)
  mode_t umask{};
  bool set_nice{};
  int nice{};
  bool set_ids{};
  std::uint32_t uid{};
  std::uint32_t gid{};
  const std::uint32_t* groups{};
  std::size_t group_count{};
  bool check_program{};
  std::uint32_t program_owner{};  // accepted beside root
  const ResourceLimit* limits{};
  std::size_t limit_count{};
  bool set_tag{};
  rlimit tag{};  // of the run, see run_tags.hpp
  pid_t parent{};
};

// The reason why execve was not reached.
struct SpawnFailure {
  StartFault fault{StartFault::kNone};
  int error{};  // errno
};

struct SpawnOrder {
  SpawnPlan plan{};
  SpawnFailure failure{};  // written by the child
};

// The function of the new process: takes a SpawnOrder and never returns.
int SpawnChild(void* order);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWN_CHILD_HPP_
