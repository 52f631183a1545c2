// The launcher: one process, one thread, one epoll loop that starts commands,
// bounds them, kills them and reaps them.
//
// It alone signals and waits, so there is no race between a kill and a reaped
// pid. It reads no command's output (the read ends of the pipes go to the web
// side; it keeps duplicates only to see the hang-up), opens no file and keeps
// whatever privilege there is. Its resident size stays small, which is what
// makes the memory figures of the commands true: a child's peak starts at its
// spawner's. It never writes to standard error.
//
// Thread safety: RunLauncher is called in a process of one thread and owns it.
// Invariant: when no run is live, it has no child, and its descriptors are
// those of its start.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_LAUNCHER_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_LAUNCHER_HPP_

#include <cstdint>

#include "core/base/unique_fd.hpp"
#include "core/process/system/cgroup_home.hpp"

namespace command_exporter {

struct LauncherOptions {
  UniqueFd web{};       // its end of pair A
  UniqueFd guardian{};  // its end of pair C; may be absent in tests
  UniqueFd table{};     // sealed command table of the newest generation
  // Of the generation before it, of which runs may still be asked for; absent
  // at the first start.
  UniqueFd older_table{};
  std::uint32_t max_concurrency{128};
  CgroupHome cgroups{};  // where its runs get control groups, if anywhere
};

// Returns the process's exit status when either peer is gone and nothing is
// left of any run: 0; 1 when it could not be set up or something would not die.
int RunLauncher(LauncherOptions options);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_LAUNCHER_HPP_
