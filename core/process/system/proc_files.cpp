#include "core/process/system/proc_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
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

// Whole numbers with anything between them.
void AppendNumbers(std::string_view text, std::vector<pid_t>& numbers) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    pid_t number = 0;
    const auto result = std::from_chars(at, end, number);
    if (result.ec == std::errc{}) {
      numbers.push_back(number);
    }
    at = result.ptr + 1;
  }
}

// The start of a field by its number in proc(5), which counts from 1; `text`
// begins with the third.
std::size_t FieldAt(std::string_view text, int number) {
  constexpr int kFirst = 3;
  std::size_t at = 0;
  for (int field = kFirst; field < number && at != std::string::npos; ++field) {
    at = text.find(' ', at);
    at += at == std::string::npos ? 0 : 1;
  }
  return at;
}

// 0 when the process is gone.
pid_t ParentOf(pid_t pid) {
  const auto facts = FactsOf(pid);
  return facts ? facts->parent : 0;
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
  AppendNumbers(text_, pids);
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

// The name, in parentheses, may hold anything, hence the search from the end.
std::optional<ProcessFacts> FactsOf(pid_t pid) {
  constexpr int kParent = 4;
  constexpr int kStart = 22;
  constexpr Duration kSecond = std::chrono::seconds{1};
  static const long ticks = ::sysconf(_SC_CLK_TCK);
  const std::string path = "/proc/" + std::to_string(pid) + "/stat";
  const UniqueFd file = Open(path.c_str());
  std::array<char, kSmallFile> buffer{};
  const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
  const std::string_view text(
      buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  const std::size_t name = text.find('(');
  const std::size_t end = text.rfind(") ");
  if (name == std::string_view::npos || end == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view rest = text.substr(end + 2);
  ProcessFacts facts;
  facts.name = text.substr(name + 1, end - name - 1);
  facts.state = rest.empty() ? '?' : rest.front();
  facts.parent = static_cast<pid_t>(NumberAt(rest, FieldAt(rest, kParent)));
  facts.started =
      (NumberAt(rest, FieldAt(rest, kStart)) + 1) * (kSecond / ticks);
  return facts;
}

void ReadChildrenOf(pid_t pid, std::vector<pid_t>& pids) {
  pids.clear();
  const std::string tasks = "/proc/" + std::to_string(pid) + "/task";
  const Directory directory(::opendir(tasks.c_str()));
  std::string text;
  while (const dirent* const entry =
             directory ? ::readdir(directory.get()) : nullptr) {
    if (entry->d_name[0] != '.') {
      const UniqueFd file =
          Open((tasks + '/' + entry->d_name + "/children").c_str());
      ReadWhole(file.get(), std::string::npos, 1, text);
      AppendNumbers(text, pids);
    }
  }
}

std::uint64_t RealTimeLimitOf(pid_t pid) {
  constexpr std::size_t kLimitsFile = 4096;  // it has some 1,300 bytes
  const std::string path = "/proc/" + std::to_string(pid) + "/limits";
  const UniqueFd file = Open(path.c_str());
  std::array<char, kLimitsFile> buffer{};
  const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
  return got <= 0
             ? 0
             : RealTimeLimitIn({buffer.data(), static_cast<std::size_t>(got)});
}

// "Max realtime timeout      4611686018427387981  4611686018427387981  us"
std::uint64_t RealTimeLimitIn(std::string_view limits) {
  constexpr std::string_view kName = "\nMax realtime timeout ";
  const std::size_t line = limits.find(kName);
  if (line == std::string_view::npos) {
    return 0;
  }
  limits.remove_prefix(line + kName.size());
  limits = limits.substr(0, limits.find('\n'));
  // The soft limit, blanks, the hard one.
  limits.remove_prefix(std::min(limits.size(), limits.find_first_not_of(' ')));
  limits.remove_prefix(std::min(limits.size(), limits.find(' ')));
  limits.remove_prefix(std::min(limits.size(), limits.find_first_not_of(' ')));
  std::uint64_t hard = 0;
  const auto read =
      std::from_chars(limits.data(), limits.data() + limits.size(), hard);
  const bool unlimited = limits.substr(0, limits.find(' ')) == "unlimited";
  return read.ec != std::errc{} && unlimited ? RLIM_INFINITY : hard;
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
