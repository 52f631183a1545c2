#include "core/process/system/proc_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <string_view>

#include "core/base/small_file.hpp"

namespace command_exporter {
namespace {

constexpr std::size_t kSmallFile = 512;
// Longer environments are read only up to this size.
constexpr std::size_t kMaxEnvironment = std::size_t{256} * 1024;

UniqueFd Open(const char* path) {
  return UniqueFd(::open(path, O_RDONLY | O_CLOEXEC));
}

constexpr std::size_t kChunk = 4096;

// Reads the file from its beginning to its end, to `limit`, or until a read
// gives less than `short_read`.
void ReadWhole(int fd, std::size_t limit, std::size_t short_read,
               std::string& text) {
  std::size_t size = 0;
  for (;;) {
    text.resize(std::max(text.capacity(), size + kChunk));
    const ssize_t got = ::pread(fd, text.data() + size, text.size() - size,
                                static_cast<off_t>(size));
    if (got <= 0) {
      break;
    }
    size += static_cast<std::size_t>(got);
    if (size >= limit || static_cast<std::size_t>(got) < short_read) {
      break;
    }
  }
  text.resize(size);
}

// The number that starts at `position`; 0 if none does.
long NumberAt(std::string_view text, std::size_t position) {
  long value = 0;
  if (position < text.size()) {
    std::from_chars(text.data() + position, text.data() + text.size(), value);
  }
  return value;
}

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

using Directory = std::unique_ptr<DIR, CloseDirectory>;

// /proc/PID/stat from its third field, the state; empty when the process is
// gone. The name before it, in parentheses, may hold anything, so the search
// starts at the end.
std::string StatusOf(pid_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/stat";
  const UniqueFd file = Open(path.c_str());
  std::array<char, kSmallFile> buffer{};
  const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
  if (got <= 0) {
    return {};
  }
  const std::string_view text(buffer.data(), static_cast<std::size_t>(got));
  const std::size_t end = text.rfind(") ");
  return end == std::string_view::npos ? std::string{}
                                       : std::string(text.substr(end + 2));
}

// A field by its number in proc(5), which counts from 1; at least 3.
long StatusField(const std::string& status, int number) {
  constexpr int kFirst = 3;
  std::size_t at = 0;
  for (int field = kFirst; field < number && at != std::string::npos; ++field) {
    at = status.find(' ', at);
    at += at == std::string::npos ? 0 : 1;
  }
  return NumberAt(status, at);
}

// 0 when the process is gone.
pid_t ParentOf(pid_t pid) {
  constexpr int kParent = 4;
  return static_cast<pid_t>(StatusField(StatusOf(pid), kParent));
}

}  // namespace

ChildList::ChildList() {
  const std::string pid = std::to_string(::getpid());
  file_ = Open(("/proc/" + pid + "/task/" + pid + "/children").c_str());
}

void ChildList::Read(std::vector<pid_t>& pids) {
  pids.clear();
  if (!file_) {
    Scan(pids);
    return;
  }
  // seq_file fills a page with whole entries: a much shorter read is the end.
  constexpr std::size_t kLongestEntry = 16;
  ReadWhole(file_.get(), std::string::npos, kChunk - kLongestEntry, text_);
  const char* at = text_.data();
  const char* const end = at + text_.size();
  while (at < end) {
    pid_t pid = 0;
    const auto result = std::from_chars(at, end, pid);
    if (result.ec == std::errc{}) {
      pids.push_back(pid);
    }
    at = result.ptr + 1;
  }
}

void ChildList::Scan(std::vector<pid_t>& pids) {
  const Directory directory(::opendir("/proc"));
  const pid_t self = ::getpid();
  while (const dirent* const entry =
             directory ? ::readdir(directory.get()) : nullptr) {
    const auto pid =
        static_cast<pid_t>(NumberAt(std::string_view(entry->d_name), 0));
    if (pid > 0 && ParentOf(pid) == self) {
      pids.push_back(pid);
    }
  }
}

HostLoad::HostLoad() : file_(Open("/proc/loadavg")) {}

int HostLoad::Runnable() const {
  std::array<char, kSmallFile> buffer{};
  const ssize_t got = ::pread(file_.get(), buffer.data(), buffer.size(), 0);
  if (got <= 0) {
    return 0;
  }
  // "0.20 0.18 0.12 1/80 11206"
  std::string_view text(buffer.data(), static_cast<std::size_t>(got));
  text = text.substr(0, text.find('/'));
  const std::size_t blank = text.rfind(' ');
  const long runnable =
      blank == std::string_view::npos ? 1 : NumberAt(text, blank + 1);
  return static_cast<int>(std::max(0L, runnable - 1));
}

int ProcessorCount() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) {
    return 1;
  }
  return std::max(1, CPU_COUNT(&set));
}

void ReadEnvironment(pid_t pid, std::string& environment) {
  const std::string path = "/proc/" + std::to_string(pid) + "/environ";
  const UniqueFd file = Open(path.c_str());
  environment.clear();
  if (file) {
    ReadWhole(file.get(), kMaxEnvironment, 1, environment);
  }
}

std::string CgroupOf(pid_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/cgroup";
  const UniqueFd file = Open(path.c_str());
  std::string text;
  if (file) {
    ReadWhole(file.get(), kMaxEnvironment, 1, text);
  }
  return text;
}

std::optional<Duration> StartOf(pid_t pid) {
  constexpr int kStart = 22;
  constexpr Duration kSecond = std::chrono::seconds{1};
  static const long ticks = ::sysconf(_SC_CLK_TCK);
  const std::string status = StatusOf(pid);
  if (status.empty()) {
    return std::nullopt;
  }
  return (StatusField(status, kStart) + 1) * (kSecond / ticks);
}

std::optional<std::uint64_t> SwitchesInKernelSleep(pid_t pid) {
  constexpr std::string_view kAsleep = "\nState:\tD";
  constexpr std::string_view kSwitches = "\nvoluntary_ctxt_switches:\t";
  const std::string path = "/proc/" + std::to_string(pid) + "/status";
  const std::string status = ReadSmallFile(path.c_str());
  const std::size_t at = status.find(kSwitches);
  if (status.find(kAsleep) == std::string::npos || at == std::string::npos) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(NumberAt(status, at + kSwitches.size()));
}

std::uint64_t OwnResidentBytes() {
  const UniqueFd file = Open("/proc/self/statm");
  std::array<char, kSmallFile> buffer{};
  const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
  if (got <= 0) {
    return 0;
  }
  // "SIZE RESIDENT SHARED ...", in pages
  const std::string_view text(buffer.data(), static_cast<std::size_t>(got));
  const std::size_t blank = text.find(' ');
  const long pages =
      blank == std::string_view::npos ? 0 : NumberAt(text, blank + 1);
  return static_cast<std::uint64_t>(pages) *
         static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint32_t CountOpenFiles() {
  const Directory directory(::opendir("/proc/self/fd"));
  if (!directory) {
    return 0;
  }
  std::uint32_t count = 0;
  while (const dirent* const entry = ::readdir(directory.get())) {
    count += entry->d_name[0] != '.' ? 1U : 0U;
  }
  return count - 1;  // without the directory itself
}

}  // namespace command_exporter
