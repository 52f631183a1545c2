#include "core/process/system/proc_files.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "core/base/small_file.hpp"
#include "core/process/system/proc_text.hpp"

namespace command_exporter {
namespace {

// Longer environments are read only up to this size.
constexpr std::size_t kMaxEnvironment = std::size_t{256} * 1024;

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

}  // namespace

void ReadEnvironment(pid_t pid, std::string& environment) {
  const std::string path = "/proc/" + std::to_string(pid) + "/environ";
  const UniqueFd file = OpenProcFile(path);
  environment.clear();
  if (file) {
    ReadProcFile(file.get(), kMaxEnvironment, 1, environment);
  }
}

std::string CgroupOf(pid_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/cgroup";
  const UniqueFd file = OpenProcFile(path);
  std::string text;
  if (file) {
    ReadProcFile(file.get(), kMaxEnvironment, 1, text);
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
  const UniqueFd file = OpenProcFile(path);
  std::array<char, kSmallProcFile> buffer{};
  const std::string_view text = ReadProcStart(file.get(), buffer);
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

std::uint64_t RealTimeLimitOf(pid_t pid) {
  constexpr std::size_t kLimitsFile = 4096;  // it has some 1,300 bytes
  const std::string path = "/proc/" + std::to_string(pid) + "/limits";
  const UniqueFd file = OpenProcFile(path);
  std::array<char, kLimitsFile> buffer{};
  return RealTimeLimitIn(ReadProcStart(file.get(), buffer));
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
  std::optional<std::uint64_t> switches;
  const std::string tasks = "/proc/" + std::to_string(pid) + "/task";
  const Directory directory(::opendir(tasks.c_str()));
  while (const dirent* const entry =
             directory ? ::readdir(directory.get()) : nullptr) {
    const std::string path = tasks + '/' + entry->d_name + "/status";
    const std::string status = ReadSmallFile(path.c_str());
    const std::size_t at = status.find(kSwitches);
    if (status.find(kAsleep) != std::string::npos && at != std::string::npos) {
      switches = switches.value_or(0) + static_cast<std::uint64_t>(NumberAt(
                                            status, at + kSwitches.size()));
    }
  }
  return switches;
}

std::uint64_t OwnResidentBytes() {
  const UniqueFd file = OpenProcFile("/proc/self/statm");
  std::array<char, kSmallProcFile> buffer{};
  // "SIZE RESIDENT SHARED ...", in pages
  const std::string_view text = ReadProcStart(file.get(), buffer);
  const std::size_t blank = text.find(' ');
  const long pages =
      blank == std::string_view::npos ? 0 : NumberAt(text, blank + 1);
  return static_cast<std::uint64_t>(pages) *
         static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace command_exporter
