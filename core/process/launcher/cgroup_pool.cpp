#include "core/process/launcher/cgroup_pool.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <string_view>

#include "core/process/system/cgroup_files.hpp"
#include "core/process/system/proc_files.hpp"

namespace command_exporter {
namespace {

constexpr mode_t kFolderMode = 0755;
constexpr std::string_view kRunPrefix = "run-";
constexpr int kMostNames = 100;

std::string RunName(std::uint32_t number) {
  return std::string(kRunPrefix) + std::to_string(number);
}

// The text for a limit in an interface file.
template <typename T>
std::string MaxOr(const std::optional<T>& limit) {
  return limit ? std::to_string(*limit) : "max";
}

}  // namespace

bool RunCgroup::Populated() {
  if (emptied_) {
    return false;
  }
  if (!events_) {
    emptied_ = !IsPopulated(folder_.get());
    return !emptied_;
  }
  std::array<char, 256> text{};
  const ssize_t got = ::pread(events_.get(), text.data(), text.size(), 0);
  const std::string_view read(text.data(),
                              got > 0 ? static_cast<std::size_t>(got) : 0);
  emptied_ = CgroupEvent(read, "populated").value_or(0) == 0;
  return !emptied_;
}

void RunCgroup::Kill() {
  killed_ = true;
  KillCgroup(folder_.get());
}

int RunCgroup::Watch() {
  if (!events_) {
    events_.Reset(
        ::openat(folder_.get(), "cgroup.events", O_RDONLY | O_CLOEXEC));
  }
  return events_.get();
}

std::uint64_t RunCgroup::MemoryKills() const {
  const auto text = ReadCgroupFile(folder_.get(), "memory.events");
  return text ? CgroupEvent(*text, "oom_kill").value_or(0) : 0;
}

void RunCgroup::NoteMemoryKills() {
  kills_before_ = MemoryKills();
}

bool RunCgroup::RanOutOfMemory() const {
  return MemoryKills() > kills_before_;
}

CgroupPool::CgroupPool(CgroupHome home) : home_(std::move(home)) {
  if (home_) {
    MakeBase();
  }
}

int CgroupPool::MakeBase() {
  const UniqueFd home = OpenCgroup(AT_FDCWD, home_.path.c_str());
  if (!home) {
    return errno;
  }
  const std::string first =
      std::string(kRunsPrefix) + std::to_string(::getpid()) + ".";
  // Another pid namespace's process with this number may have taken a name.
  for (int i = 0; i < kMostNames; ++i) {
    const std::string name = first + std::to_string(i);
    if (::mkdirat(home.get(), name.c_str(), kFolderMode) != 0) {
      if (errno == EEXIST) {
        continue;
      }
      return errno;
    }
    UniqueFd base = OpenCgroup(home.get(), name.c_str());
    if (!base || ::flock(base.get(), LOCK_EX | LOCK_NB) != 0) {
      continue;  // swept before we had the lock
    }
    if (home_.memory) {
      WriteCgroupFile(base.get(), "cgroup.subtree_control", "+memory");
    }
    if (home_.pids) {
      WriteCgroupFile(base.get(), "cgroup.subtree_control", "+pids");
    }
    base_ = std::move(base);
    base_name_ = name;
    return 0;
  }
  return EEXIST;
}

UniqueFd CgroupPool::Open(std::uint32_t number) {
  const std::string name = RunName(number);
  UniqueFd folder = OpenCgroup(base_.get(), name.c_str());
  if (folder) {
    return folder;
  }
  settings_[number - 1] = {};
  if (::mkdirat(base_.get(), name.c_str(), kFolderMode) != 0) {
    // The base itself is gone, or was never created.
    const bool lost = errno == ENOENT || errno == ENODEV || errno == EBADF;
    errno = lost ? MakeBase() : errno;
    if (errno != 0 || ::mkdirat(base_.get(), name.c_str(), kFolderMode) != 0) {
      return {};
    }
  }
  return OpenCgroup(base_.get(), name.c_str());
}

int CgroupPool::Bound(int folder, std::uint32_t number,
                      const RunLimits& limits) {
  Setting& setting = settings_[number - 1];
  if (limits.memory != setting.memory) {
    setting.memory.reset();
    if (const int error =
            WriteCgroupFile(folder, "memory.max", MaxOr(limits.memory))) {
      return error;
    }
    // Without these two, the limit would cause swapping, and the kernel would
    // keep a run that has lost one of its processes. Old kernels lack them.
    WriteCgroupFile(folder, "memory.swap.max", limits.memory ? "0" : "max");
    WriteCgroupFile(folder, "memory.oom.group", limits.memory ? "1" : "0");
    setting.memory = limits.memory;
  }
  if (limits.processes != setting.processes) {
    setting.processes.reset();
    if (const int error =
            WriteCgroupFile(folder, "pids.max", MaxOr(limits.processes))) {
      return error;
    }
    setting.processes = limits.processes;
  }
  return 0;
}

Result<std::unique_ptr<RunCgroup>, int> CgroupPool::Take(
    const RunLimits& limits) {
  if (!home_ || (limits.memory && !home_.memory) ||
      (limits.processes && !home_.pids)) {
    return ENOTSUP;
  }
  if (idle_.empty()) {
    settings_.emplace_back();
    idle_.push_back(static_cast<std::uint32_t>(settings_.size()));
  }
  const std::uint32_t number = idle_.back();
  UniqueFd folder = Open(number);
  if (!folder) {
    return errno;
  }
  if (const int error = Bound(folder.get(), number, limits)) {
    return error;
  }
  idle_.pop_back();
  auto cgroup = std::make_unique<RunCgroup>(number, std::move(folder));
  if (limits.memory) {
    cgroup->NoteMemoryKills();
  }
  return cgroup;
}

// A killed group must be removed: a later process in it would be killed (see
// the header).
void CgroupPool::Give(std::unique_ptr<RunCgroup> cgroup) {
  const std::uint32_t number = cgroup->number();
  // A group that cannot be removed is not reused.
  if (!cgroup->killed() ||
      RemoveCgroup(base_.get(), RunName(number), Deadline(Clock::now()))) {
    idle_.push_back(number);
  }
}

std::uint32_t CgroupPool::NumberOf(pid_t pid) const {
  if (!base_) {
    return 0;
  }
  const std::string text = CgroupOf(pid);
  const std::string mark = "/" + base_name_ + "/" + std::string(kRunPrefix);
  const std::size_t at = text.find(mark);
  std::uint32_t number = 0;
  if (at != std::string::npos) {
    const char* const digits = text.data() + at + mark.size();
    std::from_chars(digits, text.data() + text.size(), number);
  }
  return number <= settings_.size() ? number : 0;
}

bool CgroupPool::RemoveAll(Deadline until) {
  if (!base_) {
    return true;
  }
  const UniqueFd home = OpenCgroup(AT_FDCWD, home_.path.c_str());
  const bool removed = !home || RemoveCgroup(home.get(), base_name_, until);
  base_.Reset();
  return removed;
}

}  // namespace command_exporter
