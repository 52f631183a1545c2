// CgroupHome: the part of the cgroup v2 tree in which the exporter may make
// control groups for its runs, if there is one.
//
// A process leaves its session and its process group as it likes, and may die
// out of our sight in another pid namespace or as another user; out of its
// control group it does not get without the right to write another's. So runs
// get one each where that is possible, beside the rules of orphan_rule.hpp,
// which also hold processes that root moved out of their group.
//
// The tree has one manager, so it is used only where it is ours:
//   - we may write it, and
//   - it was delegated to us (systemd's Delegate=, which sets the attribute
//     trusted.delegate or user.delegate; or we are not root and may write it
//     all the same), or there is no systemd that manages it (containers).
//
//   <own>                              where the exporter was started
//   ├─ command_exporter-main           its own processes, if they must move
//   └─ command_exporter-runs-PID       of one launcher, locked by it (flock)
//      ├─ run-1                        one run at a time; used again
//      └─ run-2 ...
//
// Memory and numbers of processes are bounded by controllers. To give these to
// the groups of runs, <own> may have no process itself: then, and only when
// the exporter is alone in it, it moves to command_exporter-main.
//
// A launcher removes its groups when it ends. What one that was killed has
// left is told by the lock that nobody holds: it is swept (killed, removed) by
// its guardian, or by the next exporter in the same place.
//
// Thread safety: pure but for the file system; a process of one thread.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_CGROUP_HOME_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_CGROUP_HOME_HPP_

#include <string>
#include <string_view>

#include "core/base/deadline.hpp"

namespace command_exporter {

struct CgroupHome {
  std::string path{};     // of <own>; empty: there is none
  std::string why_not{};  // then
  bool memory{};          // the groups of runs have this controller
  bool pids{};

  explicit operator bool() const { return !path.empty(); }
};

// Folders of launchers begin with this.
inline constexpr std::string_view kRunsPrefix = "command_exporter-runs-";

// Looks only.
CgroupHome FindCgroupHome();

// Finds it and makes it ready: sweeps, and enables controllers, for which this
// process may move. Before any child is forked.
CgroupHome TakeCgroupHome();

// Kills and removes the groups of launchers that are no more.
void SweepCgroups(const CgroupHome& home, Deadline until);

// The folder of a process's own group, from its /proc/PID/cgroup and
// /proc/PID/mountinfo (proc(5)); empty when no cgroup v2 file system shows it.
std::string CgroupFolder(std::string_view cgroup, std::string_view mountinfo);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_CGROUP_HOME_HPP_
