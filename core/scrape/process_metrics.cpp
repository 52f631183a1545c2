#include "core/scrape/process_metrics.hpp"

#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstddef>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/close_files.hpp"
#include "core/base/number.hpp"
#include "core/base/small_file.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

using prometheus::MetricType;

void AddOne(MetricFamilies& families, std::string name, std::string help,
            MetricType type, std::optional<double> value) {
  if (value) {
    AddSample(families.emplace_back(
                  MakeFamily(std::move(name), std::move(help), type)),
              {}, *value);
  }
}

std::optional<double> ReadWhole(std::string_view text) {
  const auto value = ParseInteger<std::uint64_t>(text);
  return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
}

// The start of this process in ticks since boot: field 22 of /proc/self/stat,
// proc(5). Field 3 follows the program's name, which may hold blanks and
// brackets.
std::optional<double> StartTicks() {
  constexpr std::size_t kStartTicks = 22;
  constexpr std::size_t kFirst = 3;
  const std::string text = ReadSmallFile("/proc/self/stat");
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) {
    return std::nullopt;
  }
  const std::vector<std::string_view> fields =
      SplitBlanks(Trim(std::string_view(text).substr(name_end + 1)));
  return fields.size() > kStartTicks - kFirst
             ? ReadWhole(fields[kStartTicks - kFirst])
             : std::nullopt;
}

// The boot time of the machine, as Unix time.
std::optional<double> BootTime() {
  const std::string text = ReadSmallFile("/proc/stat");
  std::string_view rest = text;
  std::string_view line;
  while (NextLine(rest, line)) {
    const std::vector<std::string_view> fields = SplitBlanks(line);
    if (fields.size() == 2 && fields[0] == "btime") {
      return ReadWhole(fields[1]);
    }
  }
  return std::nullopt;
}

std::optional<double> FindStartTime() {
  const std::optional<double> boot = BootTime();
  const std::optional<double> ticks = StartTicks();
  const auto per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  if (!boot || !ticks || per_second <= 0) {
    return std::nullopt;
  }
  return *boot + *ticks / per_second;
}

// Computed once: the kernel derives btime from the clocks each time, so it may
// differ by a second. The lock is for scrapes that overlap.
std::optional<double> StartTime() {
  static std::mutex mutex;
  static std::optional<double> time;
  const std::lock_guard lock(mutex);
  if (!time) {
    time = FindStartTime();
  }
  return time;
}

// /proc/self/stat has these figures as well, but for its other fields the
// kernel reads each of some hundred threads.
struct MemoryBytes {
  std::optional<double> address_space{};
  std::optional<double> resident{};
};

MemoryBytes ReadMemory() {
  const std::string text = ReadSmallFile("/proc/self/statm");
  const std::vector<std::string_view> fields = SplitBlanks(Trim(text));
  const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
  const auto bytes = [&](std::size_t field) {
    std::optional<double> pages =
        field < fields.size() ? ReadWhole(fields[field]) : std::nullopt;
    return pages ? std::optional(*pages * page) : std::nullopt;
  };
  return {bytes(0), bytes(1)};
}

double Seconds(const timeval& time) {
  constexpr double kMicroseconds = 1e6;
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_usec) / kMicroseconds;
}

std::optional<double> CpuSeconds() {
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) != 0) {
    return std::nullopt;
  }
  return Seconds(usage.ru_utime) + Seconds(usage.ru_stime);
}

std::optional<double> OpenDescriptors() {
  const auto count = CountOpenFds();
  return count ? std::optional(static_cast<double>(*count)) : std::nullopt;
}

std::optional<double> SoftLimit(decltype(RLIMIT_NOFILE) resource) {
  rlimit limit{};
  if (getrlimit(resource, &limit) != 0) {
    return std::nullopt;
  }
  return limit.rlim_cur == RLIM_INFINITY
             ? std::numeric_limits<double>::infinity()
             : static_cast<double>(limit.rlim_cur);
}

}  // namespace

MetricFamilies OwnProcessFamilies() {
  const MemoryBytes memory = ReadMemory();
  MetricFamilies families;
  AddOne(families, "process_cpu_seconds_total",
         "User and system CPU time of the process that answers scrapes.",
         MetricType::Counter, CpuSeconds());
  AddOne(families, "process_open_fds", "Number of open file descriptors.",
         MetricType::Gauge, OpenDescriptors());
  AddOne(families, "process_max_fds",
         "Maximum number of open file descriptors.", MetricType::Gauge,
         SoftLimit(RLIMIT_NOFILE));
  AddOne(families, "process_virtual_memory_bytes", "Virtual memory size.",
         MetricType::Gauge, memory.address_space);
  AddOne(families, "process_virtual_memory_max_bytes",
         "Maximum virtual memory size; +Inf without a limit.",
         MetricType::Gauge, SoftLimit(RLIMIT_AS));
  AddOne(families, "process_resident_memory_bytes", "Resident memory size.",
         MetricType::Gauge, memory.resident);
  AddOne(families, "process_start_time_seconds",
         "Unix time of the start of the process.", MetricType::Gauge,
         StartTime());
  return families;
}

MetricFamilies HelperProcessFamilies(
    std::span<const ProcessFigures> processes) {
  if (processes.empty()) {
    return {};
  }
  MetricFamilies families{
      MakeFamily("command_exporter_process_resident_memory_bytes",
                 "Resident memory size of the guardian and the launcher.",
                 MetricType::Gauge),
      MakeFamily("command_exporter_process_cpu_seconds_total",
                 "User and system CPU time of the guardian and the launcher.",
                 MetricType::Counter),
      MakeFamily("command_exporter_process_open_fds",
                 "Open file descriptors of the guardian and the launcher.",
                 MetricType::Gauge)};
  for (const ProcessFigures& figures : processes) {
    const Labels labels{{"process", std::string(figures.process)}};
    AddSample(families[0], labels, static_cast<double>(figures.resident_bytes));
    AddSample(families[1], labels, ToSeconds(figures.cpu));
    AddSample(families[2], labels, static_cast<double>(figures.open_fds));
  }
  return families;
}

}  // namespace command_exporter
