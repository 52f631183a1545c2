#include "core/process/system/privilege_report.hpp"

#include <linux/capability.h>
#include <unistd.h>

#include <bit>
#include <charconv>
#include <system_error>
#include <vector>

#include "core/base/small_file.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

constexpr int kHex = 16;
constexpr int kDecimal = 10;
constexpr std::uint64_t kMostCapabilities = 63;

constexpr std::uint64_t Bit(unsigned int capability) {
  return std::uint64_t{1} << capability;
}

// Without these a setuid-root program such as sudo fails.
constexpr std::uint64_t kSudo = Bit(CAP_SETUID) | Bit(CAP_SETGID);

// The value of "name:\tvalue".
std::string_view Field(std::string_view status, std::string_view name) {
  std::string_view line;
  while (NextLine(status, line)) {
    if (line.starts_with(name)) {
      return Trim(line.substr(name.size()));
    }
  }
  return {};
}

std::uint64_t Number(std::string_view text, int base, std::uint64_t other) {
  std::uint64_t number = 0;
  text = Trim(text);
  const auto read =
      std::from_chars(text.data(), text.data() + text.size(), number, base);
  return read.ec == std::errc{} ? number : other;
}

// True if all ids map to themselves, which is not so in a new namespace.
bool IsMachinesOwn(std::string_view uid_map) {
  const std::vector<std::string_view> words = SplitBlanks(Trim(uid_map));
  return words.size() == 3 && words[0] == "0" && words[1] == "0" &&
         words[2] == "4294967295";
}

}  // namespace

ProcessPrivilege ParsePrivilege(const PrivilegeTexts& texts) {
  ProcessPrivilege privilege;
  const std::uint64_t last =
      Number(texts.last_capability, kDecimal, CAP_LAST_CAP);
  privilege.all = last >= kMostCapabilities ? ~std::uint64_t{0}
                                            : (Bit(0) << (last + 1)) - 1;
  privilege.no_new_privileges = Field(texts.status, "NoNewPrivs:") == "1";
  privilege.bounding =
      Number(Field(texts.status, "CapBnd:"), kHex, privilege.all);
  privilege.ambient = Number(Field(texts.status, "CapAmb:"), kHex, 0);
  privilege.ping_group_range =
      Join(SplitBlanks(Trim(texts.ping_group_range)), " ");
  privilege.user_namespace = !IsMachinesOwn(texts.uid_map);
  return privilege;
}

ProcessPrivilege ReadPrivilege() {
  const std::string status = ReadSmallFile("/proc/self/status");
  const std::string uid_map = ReadSmallFile("/proc/self/uid_map");
  const std::string last = ReadSmallFile("/proc/sys/kernel/cap_last_cap");
  const std::string range =
      ReadSmallFile("/proc/sys/net/ipv4/ping_group_range");
  PrivilegeTexts texts{
      .status = status, .last_capability = last, .ping_group_range = range};
  // A kernel without such namespaces lacks the file.
  if (::access("/proc/self/uid_map", R_OK) == 0) {
    texts.uid_map = uid_map;
  }
  return ParsePrivilege(texts);
}

PrivilegeNote DescribePrivilege(const ProcessPrivilege& privilege) {
  const std::uint64_t missing = privilege.all & ~privilege.bounding;
  std::vector<std::string> reasons;
  if (privilege.no_new_privileges) {
    reasons.emplace_back(
        "NoNewPrivileges is set, so sudo, setuid programs and ping with file "
        "capabilities will fail");
  }
  if ((missing & Bit(CAP_NET_RAW)) != 0) {
    reasons.emplace_back(
        "the capability bounding set lacks CAP_NET_RAW, so ping with file "
        "capabilities cannot be started");
  }
  if ((missing & kSudo) != 0) {
    reasons.emplace_back(
        "the capability bounding set lacks CAP_SETUID or CAP_SETGID, so sudo "
        "will fail");
  }
  if (privilege.user_namespace) {
    reasons.emplace_back(
        "this is a user namespace, so programs that are setuid or have file "
        "capabilities gain nothing outside it");
  }
  if (reasons.empty() && missing == 0) {
    return {LogLevel::kDebug,
            "Nothing keeps commands from gaining privileges by sudo, setuid "
            "programs or file capabilities"};
  }
  if (reasons.empty()) {
    return {LogLevel::kInfo, "No command, not even one of root, can have " +
                                 std::to_string(std::popcount(missing)) +
                                 " of the kernel's capabilities: the bounding "
                                 "set lacks them"};
  }
  std::string message =
      "Commands cannot gain all privileges: " + Join(reasons, "; ");
  if ((privilege.ambient & Bit(CAP_NET_RAW)) != 0) {
    message += "; ping works, by the ambient CAP_NET_RAW";
  }
  return {LogLevel::kWarn, message};
}

}  // namespace command_exporter
