// SpawnPlan: what a new process has to do before execve, and SpawnFailure: why
// it got no further.
//
// Both are read and written by a process that may share the launcher's memory
// (spawner.hpp), so they hold pointers and numbers, and own nothing.
//
// Thread safety: the plan does not change while the process uses our memory.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWN_PLAN_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWN_PLAN_HPP_

#include <sys/resource.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/process/command/command_runner.hpp"
#include "core/process/command/command_table.hpp"

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
  bool only_look{};  // instead of execve: is there anything in its way?
  bool check_program{};
  std::uint32_t program_owner{};  // accepted beside root
  const ResourceLimit* limits{};
  std::size_t limit_count{};
  bool set_tag{};
  rlimit tag{};  // of the run, see run_tags.hpp
  pid_t parent{};

  // The user and the groups of a run. `ids` must outlive the plan.
  void SetIds(const RunIds& ids);
};

// Pointers to `texts` as execve(2) wants them: `leading` free places, the
// texts, a null. The texts must outlive them.
std::vector<const char*> Pointers(const std::vector<std::string>& texts,
                                  std::size_t leading = 0);

// The reason why execve was not reached.
struct SpawnFailure {
  StartFault fault{StartFault::kNone};
  int error{};  // errno
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWN_PLAN_HPP_
