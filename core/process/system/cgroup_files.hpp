// The files of a control group (cgroup v2), as calls.
//
// https://docs.kernel.org/admin-guide/cgroup-v2.html, "Core Interface Files".
// Kernels differ: cgroup.kill is there since 5.14, and cgroup.events is in
// every group but the root. What cannot be read counts as not there; errors of
// writing are told as errno, since only the caller knows what they mean.
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

// Names of the groups right below this one.
std::vector<std::string> ChildCgroups(int cgroup);

// A process that is not a zombie is in it or below it.
bool IsPopulated(int cgroup);

// SIGKILL to all in it and below it, in whichever pid namespace, of whichever
// user. Without cgroup.kill: to those that the list shows until it stays
// empty, or for a while.
void KillCgroup(int cgroup);

// Kills, waits at most until `until`, and removes it with all below it. False:
// something is still in it.
bool RemoveCgroup(int parent, const std::string& name, Deadline until);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_CGROUP_FILES_HPP_
