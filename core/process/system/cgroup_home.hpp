// CgroupHome: the part of the cgroup v2 tree in which the exporter may create
// control groups for its runs, if there is one.
//
// A process can leave its session and its process group, and can end out of
// sight in another pid namespace or as another user. It cannot leave its
// control group without the right to write another one. Runs therefore get one
// group each where that is possible, in addition to the rules of
// orphan_rule.hpp, which also cover processes that root moved out of their
// group.
//
// The tree has one manager, so the exporter uses it only under these
// conditions:
//   - we may write it, and
//   - it was delegated to us (systemd's Delegate=, which sets the attribute
//     trusted.delegate or user.delegate; or we are not root and may write it
//     all the same), or no systemd manages it (containers).
//
//   <own>                              where the exporter was started
//   ├─ command_exporter-main           its own processes, if they must move
//   └─ command_exporter-runs-PID       of one launcher, locked by it (flock)
//      ├─ run-1                        one run at a time; used again
//      └─ run-2 ...
//
// Controllers limit memory and the number of processes. To enable them for the
// groups of runs, <own> must hold no process itself. The exporter then moves to
// command_exporter-main, but only if it is alone in <own>.
//
// A launcher removes its groups when it ends. The groups of a killed launcher
// are recognized by their free lock. Its guardian, or the next exporter in the
// same place, kills their processes and removes them.
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
  std::string why_not{};  // if so, the reason
  bool memory{};          // the groups of runs have this controller
  bool pids{};

  explicit operator bool() const { return !path.empty(); }
};

// The folders of launchers begin with this.
inline constexpr std::string_view kRunsPrefix = "command_exporter-runs-";

// Makes no changes.
CgroupHome FindCgroupHome();

// Finds the home and prepares it: sweeps, and enables controllers, for which
// this process may move. Call it before any child is forked.
CgroupHome TakeCgroupHome();

// Kills and removes the groups of dead launchers.
void SweepCgroups(const CgroupHome& home, Deadline until);

// The folder of a process's own group, from its /proc/PID/cgroup and
// /proc/PID/mountinfo (proc(5)); empty when no mounted cgroup v2 file system
// shows it.
std::string CgroupFolder(std::string_view cgroup, std::string_view mountinfo);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_CGROUP_HOME_HPP_
