// The restrictions that keep commands from gaining privileges.
//
// The exporter adds no restriction to its commands; they inherit those of the
// service manager or container. One line at the start therefore answers the
// most common question, "it works in my shell but not as a service":
// NoNewPrivileges (which many directives of systemd imply without showing it),
// a bounding set, a user namespace.
//
// Source: /proc/self/status, proc(5); capabilities(7); user_namespaces(7);
// net.ipv4.ping_group_range of icmp(7).
//
// Thread safety: no state.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_PRIVILEGE_REPORT_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_PRIVILEGE_REPORT_HPP_

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/log.hpp"

namespace command_exporter {

struct ProcessPrivilege {
  bool no_new_privileges{};
  std::uint64_t bounding{};  // bits as of linux/capability.h
  std::uint64_t ambient{};
  std::uint64_t all{};  // known to this kernel
  // "0 2147483647": the groups that may use ping without any privilege.
  std::string ping_group_range{};
  bool user_namespace{};  // not the machine's initial one
};

// The texts of /proc/self/status, /proc/self/uid_map,
// /proc/sys/kernel/cap_last_cap and /proc/sys/net/ipv4/ping_group_range. A
// missing text counts as no restriction.
struct PrivilegeTexts {
  std::string_view status{};
  std::string_view uid_map{"0 0 4294967295"};
  std::string_view last_capability{};
  std::string_view ping_group_range{};
};

ProcessPrivilege ParsePrivilege(const PrivilegeTexts& texts);

// Reads the privilege of this process.
ProcessPrivilege ReadPrivilege();

struct PrivilegeNote {
  LogLevel level{};  // warn: usual commands will fail; debug: no restriction
  std::string message{};
};

PrivilegeNote DescribePrivilege(const ProcessPrivilege& privilege);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_PRIVILEGE_REPORT_HPP_
