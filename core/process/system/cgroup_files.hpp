// The files of a control group (cgroup v2), as calls.
//
// https://docs.kernel.org/admin-guide/cgroup-v2.html, "Core Interface Files".
// Kernels differ: cgroup.kill exists since 5.14, and cgroup.events in every
// group but the root. An unreadable file counts as absent; errors of writing
// are returned as errno, because only the caller knows their meaning.
//
// Thread safety: no state.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_CGROUP_FILES_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_CGROUP_FILES_HPP_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/unique_fd.hpp"

namespace command_exporter {

// A folder of the cgroup file system; empty, with errno, when it cannot be
// opened. `parent` may be AT_FDCWD.
UniqueFd OpenCgroup(int parent, const char* name);

std::optional<std::string> ReadCgroupFile(int cgroup, const char* name);

// 0 or errno.
int WriteCgroupFile(int cgroup, const char* name, std::string_view text);

// The number behind "key " at the start of a line; none when there is no such
// line. For cgroup.events and memory.events.
std::optional<std::uint64_t> CgroupEvent(std::string_view text,
                                         std::string_view key);

// Names of the direct child groups.
std::vector<std::string> ChildCgroups(int cgroup);

// True if a process that is not a zombie is in the group or below it.
bool IsPopulated(int cgroup);

// Sends SIGKILL to all processes in the group and below it, in any pid
// namespace and of any user. Without cgroup.kill, to the processes on the list,
// until the list stays empty or for a limited number of rounds.
void KillCgroup(int cgroup);

// Kills, waits at most until `until`, and removes the group with all below it.
// False: a process is still in it.
bool RemoveCgroup(int parent, const std::string& name, Deadline until);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_CGROUP_FILES_HPP_
