#include "core/process/system/cgroup_home.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <vector>

#include "core/base/small_file.hpp"
#include "core/base/text.hpp"
#include "core/process/system/cgroup_files.hpp"

namespace command_exporter {
namespace {

constexpr mode_t kFolderMode = 0755;
constexpr const char* kMain = "command_exporter-main";
constexpr std::chrono::milliseconds kSweepTime{500};

// mountinfo writes blanks and backslashes in octal: \040.
std::string Unescape(std::string_view text) {
  constexpr std::size_t kDigits = 3;
  constexpr unsigned int kOctal = 8;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + kDigits >= text.size()) {
      out += text[i];
      continue;
    }
    unsigned int code = 0;
    for (std::size_t digit = 1; digit <= kDigits; ++digit) {
      code = code * kOctal + static_cast<unsigned int>(text[i + digit] - '0');
    }
    out += static_cast<char>(code);
    i += kDigits;
  }
  return out;
}

// "0::/path": the one line of cgroup v2.
std::string_view UnifiedPath(std::string_view cgroup) {
  std::string_view line;
  while (NextLine(cgroup, line)) {
    if (line.starts_with("0::/")) {
      return line.substr(3);
    }
  }
  return {};
}

bool IsDelegated(const std::string& path) {
  for (const char* const name : {"trusted.delegate", "user.delegate"}) {
    std::array<char, 8> value{};
    if (::getxattr(path.c_str(), name, value.data(), value.size()) == 1 &&
        value[0] == '1') {
      return true;
    }
  }
  // A user other than root can write only a group that was delegated to it.
  return ::geteuid() != 0;
}

bool SystemdManages() {
  return ::access("/run/systemd/system", F_OK) == 0;
}

std::string LastError() {
  return std::system_category().message(errno);
}

// Tests whether a group can be created, by creating one.
bool TryFolder(int home) {
  const std::string name =
      "command_exporter-probe-" + std::to_string(::getpid());
  return ::mkdirat(home, name.c_str(), kFolderMode) == 0 &&
         ::unlinkat(home, name.c_str(), AT_REMOVEDIR) == 0;
}

bool HasWord(const std::optional<std::string>& text, std::string_view word) {
  const auto words = SplitBlanks(Trim(text ? *text : std::string_view{}));
  return std::ranges::find(words, word) != words.end();
}

bool IsAlone(int home) {
  const auto processes = ReadCgroupFile(home, "cgroup.procs");
  return processes &&
         Trim(*processes) == std::to_string(static_cast<long>(::getpid()));
}

bool Enable(int home, std::string_view controller) {
  if (!HasWord(ReadCgroupFile(home, "cgroup.controllers"), controller)) {
    return false;
  }
  if (HasWord(ReadCgroupFile(home, "cgroup.subtree_control"), controller)) {
    return true;
  }
  const std::string order = "+" + std::string(controller);
  int error = WriteCgroupFile(home, "cgroup.subtree_control", order);
  if (error != EBUSY || !IsAlone(home)) {
    return error == 0;
  }
  if (::mkdirat(home, kMain, kFolderMode) != 0 && errno != EEXIST) {
    return false;
  }
  const UniqueFd leaf = OpenCgroup(home, kMain);
  if (!leaf || WriteCgroupFile(leaf.get(), "cgroup.procs", "0") != 0) {
    return false;
  }
  error = WriteCgroupFile(home, "cgroup.subtree_control", order);
  return error == 0;
}

}  // namespace

std::string CgroupFolder(std::string_view cgroup, std::string_view mountinfo) {
  const std::string_view own = UnifiedPath(cgroup);
  if (own.empty() || own.starts_with("/..")) {
    return {};  // outside our cgroup namespace
  }
  std::string_view line;
  while (NextLine(mountinfo, line)) {
    const std::size_t dash = line.find(" - ");
    if (dash == std::string_view::npos ||
        !line.substr(dash + 3).starts_with("cgroup2 ")) {
      continue;
    }
    const std::vector<std::string_view> fields = SplitBlanks(line);
    const std::string root = fields.size() > 4 ? Unescape(fields[3]) : "";
    std::string_view below = own;
    if (root != "/") {
      if (root.empty() || !own.starts_with(root) ||
          (own.size() > root.size() && own[root.size()] != '/')) {
        continue;  // a bind mount of another part
      }
      below.remove_prefix(root.size());
    }
    const std::string mount = Unescape(fields[4]);
    return below == "/" ? mount : mount + std::string(below);
  }
  return {};
}

CgroupHome FindCgroupHome() {
  CgroupHome home;
  const std::string path = CgroupFolder(ReadSmallFile("/proc/self/cgroup"),
                                        ReadSmallFile("/proc/self/mountinfo"));
  if (path.empty()) {
    home.why_not = "no cgroup v2 file system is mounted here";
    return home;
  }
  if (SystemdManages() && !IsDelegated(path)) {
    home.why_not = path +
                   " is systemd's: set Delegate=yes in the [Service] section "
                   "of the exporter's unit";
    return home;
  }
  const UniqueFd folder = OpenCgroup(AT_FDCWD, path.c_str());
  if (!folder || !TryFolder(folder.get())) {
    home.why_not =
        "no control group can be made in " + path + ": " + LastError();
    return home;
  }
  const auto type = ReadCgroupFile(folder.get(), "cgroup.type");
  if (type && Trim(*type) != "domain") {
    home.why_not = path + " has the type \"" + std::string(Trim(*type)) +
                   "\", in which groups cannot hold processes";
    return home;
  }
  home.path = path;
  return home;
}

CgroupHome TakeCgroupHome() {
  CgroupHome home = FindCgroupHome();
  if (!home) {
    return home;
  }
  SweepCgroups(home, Deadline::After(kSweepTime));
  if (const UniqueFd folder = OpenCgroup(AT_FDCWD, home.path.c_str())) {
    home.memory = Enable(folder.get(), "memory");
    home.pids = Enable(folder.get(), "pids");
  }
  return home;
}

void SweepCgroups(const CgroupHome& home, Deadline until) {
  const UniqueFd folder =
      home ? OpenCgroup(AT_FDCWD, home.path.c_str()) : UniqueFd();
  if (!folder) {
    return;
  }
  for (const std::string& name : ChildCgroups(folder.get())) {
    if (!name.starts_with(kRunsPrefix)) {
      continue;
    }
    const UniqueFd runs = OpenCgroup(folder.get(), name.c_str());
    // Locked until it is removed, so that no other process takes it over
    // meanwhile.
    if (runs && ::flock(runs.get(), LOCK_EX | LOCK_NB) == 0) {
      RemoveCgroup(folder.get(), name, until);
    }
  }
}

}  // namespace command_exporter
