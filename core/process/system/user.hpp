// Users: looking one up, and becoming one for good.
//
// Thread safety: LookUpUser asks the name service and is called at load, from
// one thread; BecomeUser is called before threads start.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_USER_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_USER_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.hpp"

namespace command_exporter {

struct UserIds {
  std::string name{};
  std::string home{};
  std::uint32_t uid{};
  std::uint32_t gid{};
  std::vector<std::uint32_t> groups{};  // as initgroups(3) would set
};

// By name, or by number when it is all digits. Errors: no such user.
Result<UserIds> LookUpUser(const std::string& name);

// The user of this process.
UserIds CurrentUser();

// CAP_SETUID and CAP_SETGID are effective, as root's usually are.
bool MaySwitchUser();

// CAP_SYS_RESOURCE is effective.
bool MayRaiseLimits();

// Root, or somebody with a capability beside CAP_NET_RAW and
// CAP_NET_BIND_SERVICE: with rights that somebody else could want.
bool HasPrivilege();

// setpriority(2) would let a child of ours have this niceness: it is not below
// our own, or CAP_SYS_NICE or RLIMIT_NICE allows it.
bool MaySetNice(int nice);

// Drops groups, gid and uid to `user` and sets NO_NEW_PRIVS; checked, cannot
// be undone. A process that already is that user keeps its groups. Unless that
// user is root, no capability is left but CAP_NET_BIND_SERVICE, if it was there
// (a service manager's AmbientCapabilities=).
Status<> BecomeUser(const UserIds& user);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_USER_HPP_
