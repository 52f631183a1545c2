#include "core/process/system/cgroup_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <thread>

#include "core/base/number.hpp"
#include "core/base/text.hpp"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434  // these two: the same on every architecture
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif

namespace command_exporter {
namespace {

constexpr std::chrono::milliseconds kPause{1};
// A fork bomb may outrun a list of pids; the launcher tries again when a
// process of it ends.
constexpr int kKillRounds = 20;

std::vector<pid_t> ProcessesOf(int cgroup) {
  std::vector<pid_t> pids;
  const auto text = ReadCgroupFile(cgroup, "cgroup.procs");
  std::string_view rest = text ? std::string_view(*text) : std::string_view{};
  std::string_view line;
  while (NextLine(rest, line)) {
    const auto pid = ParseInteger<pid_t>(line);
    if (pid && *pid > 0) {  // 0: not of our pid namespace
      pids.push_back(*pid);
    }
  }
  return pids;
}

// A listed pid may already belong to another process. Therefore a descriptor is
// opened, and the list is read again: a process still on it is the right one.
void KillListed(int cgroup) {
  struct Candidate {
    pid_t pid{};
    UniqueFd handle{};
  };

  std::vector<Candidate> candidates;
  bool has_handles = true;
  for (const pid_t pid : ProcessesOf(cgroup)) {
    const long handle = ::syscall(SYS_pidfd_open, pid, 0);
    has_handles = has_handles && (handle >= 0 || errno == ESRCH);
    candidates.push_back({pid, UniqueFd(static_cast<int>(handle))});
  }
  for (const pid_t pid : ProcessesOf(cgroup)) {
    if (!has_handles) {  // before Linux 5.3
      ::kill(pid, SIGKILL);
      continue;
    }
    for (const Candidate& candidate : candidates) {
      if (candidate.pid == pid && candidate.handle) {
        ::syscall(SYS_pidfd_send_signal, candidate.handle.get(), SIGKILL,
                  nullptr, 0);
      }
    }
  }
}

void KillTreeListed(int cgroup) {
  KillListed(cgroup);
  for (const std::string& name : ChildCgroups(cgroup)) {
    if (const UniqueFd child = OpenCgroup(cgroup, name.c_str())) {
      KillTreeListed(child.get());
    }
  }
}

// 0 or errno: EBUSY when a process is in it.
int RemoveTree(int parent, const std::string& name) {
  if (const UniqueFd cgroup = OpenCgroup(parent, name.c_str())) {
    for (const std::string& child : ChildCgroups(cgroup.get())) {
      RemoveTree(cgroup.get(), child);
    }
  }
  const bool gone =
      ::unlinkat(parent, name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT;
  return gone ? 0 : errno;
}

}  // namespace

UniqueFd OpenCgroup(int parent, const char* name) {
  return UniqueFd(
      ::openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
}

std::optional<std::string> ReadCgroupFile(int cgroup, const char* name) {
  const UniqueFd file(::openat(cgroup, name, O_RDONLY | O_CLOEXEC));
  if (!file) {
    return std::nullopt;
  }
  std::string text;
  std::array<char, 1024> buffer{};
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0) {
      return std::nullopt;
    }
    if (got == 0) {
      return text;
    }
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

int WriteCgroupFile(int cgroup, const char* name, std::string_view text) {
  const UniqueFd file(::openat(cgroup, name, O_WRONLY | O_CLOEXEC));
  if (!file) {
    return errno;
  }
  return ::write(file.get(), text.data(), text.size()) < 0 ? errno : 0;
}

std::optional<std::uint64_t> CgroupEvent(std::string_view text,
                                         std::string_view key) {
  std::string_view line;
  while (NextLine(text, line)) {
    if (line.starts_with(key) && line.substr(key.size()).starts_with(' ')) {
      return ParseInteger<std::uint64_t>(line.substr(key.size() + 1));
    }
  }
  return std::nullopt;
}

std::vector<std::string> ChildCgroups(int cgroup) {
  std::vector<std::string> names;
  const int copy = ::openat(cgroup, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(
      copy < 0 ? nullptr : ::fdopendir(copy), &::closedir);
  while (const dirent* const entry =
             directory ? ::readdir(directory.get()) : nullptr) {
    if (entry->d_type == DT_DIR && entry->d_name[0] != '.') {
      names.emplace_back(entry->d_name);
    }
  }
  return names;
}

bool IsPopulated(int cgroup) {
  const auto text = ReadCgroupFile(cgroup, "cgroup.events");
  return text && CgroupEvent(*text, "populated").value_or(0) != 0;
}

void KillCgroup(int cgroup) {
  const int error = WriteCgroupFile(cgroup, "cgroup.kill", "1");
  if (error == 0 || error == ENODEV) {
    return;
  }
  for (int i = 0; i < kKillRounds && IsPopulated(cgroup); ++i) {
    KillTreeListed(cgroup);
  }
}

bool RemoveCgroup(int parent, const std::string& name, Deadline until) {
  for (;;) {
    {
      const UniqueFd cgroup = OpenCgroup(parent, name.c_str());
      if (cgroup && IsPopulated(cgroup.get())) {
        KillCgroup(cgroup.get());
      }
    }
    const int error = RemoveTree(parent, name);
    if (error == 0) {
      return true;
    }
    if (error != EBUSY || until.Passed()) {
      return false;
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace command_exporter
