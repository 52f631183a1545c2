#include "core/process/system/user.hpp"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>

#include "core/base/system_error.hpp"
#include "core/process/system/process_setup.hpp"

namespace command_exporter {
namespace {

constexpr std::size_t kFirstBuffer = 1024;
constexpr std::size_t kLargestBuffer = std::size_t{1} << 20U;
constexpr int kFirstGroups = 32;
constexpr int kMostGroups = 65536;  // NGROUPS_MAX of Linux

bool AllDigits(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c >= '0' && c <= '9';
  });
}

// getgrouplist(3) tells the size it needs only by failing.
std::vector<std::uint32_t> GroupsOf(const char* name, gid_t gid) {
  for (int room = kFirstGroups; room <= kMostGroups; room *= 2) {
    std::vector<gid_t> groups(static_cast<std::size_t>(room));
    int count = room;
    if (::getgrouplist(name, gid, groups.data(), &count) >= 0) {
      groups.resize(static_cast<std::size_t>(count));
      return {groups.begin(), groups.end()};
    }
  }
  return {gid};
}

// `ask` is getpwnam_r or getpwuid_r with its key bound: 0 or an errno, and a
// null entry when there is none.
template <typename Ask>
Result<UserIds> AskForUser(const std::string& shown, Ask ask) {
  std::vector<char> buffer(kFirstBuffer);
  passwd entry{};
  passwd* found = nullptr;
  int error = ask(&entry, buffer, &found);
  while (error == EINTR ||
         (error == ERANGE && buffer.size() < kLargestBuffer)) {
    if (error == ERANGE) {
      buffer.resize(buffer.size() * 2);
    }
    error = ask(&entry, buffer, &found);
  }
  if (found == nullptr) {
    // getpwnam(3) lists these as ways to say "not found".
    const bool absent = error == 0 || error == ENOENT || error == ESRCH ||
                        error == EBADF || error == EPERM;
    return Error{absent ? "there is no user \"" + shown + "\""
                        : "looking up user \"" + shown +
                              "\": " + std::system_category().message(error)};
  }
  UserIds user;
  user.name = entry.pw_name;
  user.home = entry.pw_dir;
  user.uid = entry.pw_uid;
  user.gid = entry.pw_gid;
  user.groups = GroupsOf(entry.pw_name, entry.pw_gid);
  return user;
}

Result<UserIds> UserByNumber(uid_t uid, const std::string& shown) {
  return AskForUser(
      shown, [uid](passwd* entry, std::vector<char>& buffer, passwd** found) {
        return ::getpwuid_r(uid, entry, buffer.data(), buffer.size(), found);
      });
}

Status<> NoNewPrivileges() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return SystemError("prctl(PR_SET_NO_NEW_PRIVS)");
  }
  return Done{};
}

bool AlreadyIs(uid_t uid) {
  uid_t real = 0;
  uid_t effective = 0;
  uid_t saved = 0;
  return ::getresuid(&real, &effective, &saved) == 0 && real == uid &&
         effective == uid && saved == uid;
}

bool GroupIs(gid_t gid) {
  gid_t real = 0;
  gid_t effective = 0;
  gid_t saved = 0;
  return ::getresgid(&real, &effective, &saved) == 0 && real == gid &&
         effective == gid && saved == gid;
}

constexpr unsigned int Bit(unsigned int capability) {
  return 1U << capability;
}

// Of this process; each holds 32. capget(2) and capset(2), which glibc does not
// wrap.
using Capabilities =
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;

bool CallForCapabilities(long call, Capabilities& sets) {
  __user_cap_header_struct header{};
  header.version = _LINUX_CAPABILITY_VERSION_3;
  return ::syscall(call, &header, sets.data()) == 0;
}

// All of these are effective. `bits` are of the first 32.
bool HasCapabilities(unsigned int bits) {
  Capabilities sets{};
  if (!CallForCapabilities(SYS_capget, sets)) {
    return ::geteuid() == 0;
  }
  return (sets[0].effective & bits) == bits;
}

// Whether any is permitted beside `bits`, which are of the first 32.
bool HoldsBeside(const Capabilities& sets, unsigned int bits) {
  return (sets[0].permitted & ~bits) != 0 || sets[1].permitted != 0;
}

Status<> DropCapabilities() {
  constexpr unsigned int kKept = Bit(CAP_NET_BIND_SERVICE);
  // Before Linux 4.3 there are none, and the call fails.
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  Capabilities sets{};
  if (!CallForCapabilities(SYS_capget, sets)) {
    return SystemError("capget");
  }
  if (!HoldsBeside(sets, kKept)) {
    return Done{};
  }
  sets[0] = {sets[0].effective & kKept, sets[0].permitted & kKept, 0};
  sets[1] = {};
  if (!CallForCapabilities(SYS_capset, sets)) {
    return SystemError("cannot drop capabilities (capset)");
  }
  return Done{};
}

// What every way to be a user ends in.
Status<> RemainWithoutPrivilege(const UserIds& user) {
  if (user.uid != 0) {
    if (Status<> dropped = DropCapabilities(); !dropped) {
      return dropped;
    }
  }
  HideMemory();
  return NoNewPrivileges();
}

}  // namespace

Result<UserIds> LookUpUser(const std::string& name) {
  if (AllDigits(name)) {
    uid_t uid = 0;
    const char* end = name.data() + name.size();
    const auto read = std::from_chars(name.data(), end, uid);
    if (read.ec != std::errc{} || read.ptr != end) {
      return Error{"there is no user \"" + name + "\""};
    }
    return UserByNumber(uid, name);
  }
  return AskForUser(
      name, [&name](passwd* entry, std::vector<char>& buffer, passwd** found) {
        return ::getpwnam_r(name.c_str(), entry, buffer.data(), buffer.size(),
                            found);
      });
}

UserIds CurrentUser() {
  const uid_t uid = ::geteuid();
  UserIds user;
  if (auto found = UserByNumber(uid, std::to_string(uid))) {
    user = *std::move(found);
  } else {
    // A container may run under a number that no file names.
    user.name = std::to_string(uid);
    user.home = "/";
    user.uid = uid;
  }
  user.gid = ::getegid();
  std::vector<gid_t> groups(kMostGroups);
  const int count = ::getgroups(kMostGroups, groups.data());
  groups.resize(static_cast<std::size_t>(std::max(count, 0)));
  user.groups.assign(groups.begin(), groups.end());
  return user;
}

bool MaySwitchUser() {
  return HasCapabilities(Bit(CAP_SETUID) | Bit(CAP_SETGID));
}

bool MayRaiseLimits() {
  return HasCapabilities(Bit(CAP_SYS_RESOURCE));
}

bool HasPrivilege() {
  Capabilities sets{};
  return ::geteuid() == 0 || !CallForCapabilities(SYS_capget, sets) ||
         HoldsBeside(sets, Bit(CAP_NET_RAW) | Bit(CAP_NET_BIND_SERVICE));
}

bool MaySetNice(int nice) {
  rlimit limit{};
  const bool limited =
      ::getrlimit(RLIMIT_NICE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  // getrlimit(2): the ceiling is 20 - rlim_cur.
  constexpr int kNiceBase = 20;
  constexpr rlim_t kNiceSteps = 40;
  const int least =
      limited
          ? kNiceBase - static_cast<int>(std::min(limit.rlim_cur, kNiceSteps))
          : -kNiceBase;
  return nice >= ::getpriority(PRIO_PROCESS, 0) || nice >= least ||
         HasCapabilities(Bit(CAP_SYS_NICE));
}

Status<> BecomeUser(const UserIds& user) {
  if (AlreadyIs(user.uid)) {
    return RemainWithoutPrivilege(user);
  }
  // Groups first: after setresuid there is no right to change them.
  const std::vector<gid_t> groups(user.groups.begin(), user.groups.end());
  if (::setgroups(groups.size(), groups.data()) != 0) {
    return SystemError("cannot take the groups of user " + user.name +
                       " (setgroups)");
  }
  if (::setresgid(user.gid, user.gid, user.gid) != 0) {
    return SystemError("cannot take the group of user " + user.name +
                       " (setresgid)");
  }
  if (::setresuid(user.uid, user.uid, user.uid) != 0) {
    return SystemError("cannot become user " + user.name + " (setresuid)");
  }
  if (!AlreadyIs(user.uid) || !GroupIs(user.gid) ||
      (user.uid != 0 && ::setresuid(0, 0, 0) == 0)) {
    return Error{"user " + user.name +
                 " was taken but privilege is still there; not going on"};
  }
  return RemainWithoutPrivilege(user);
}

}  // namespace command_exporter
