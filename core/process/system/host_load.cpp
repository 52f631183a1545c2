#include "core/process/system/host_load.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/process/system/proc_text.hpp"

namespace command_exporter {

HostLoad::HostLoad() : file_(OpenProcFile("/proc/loadavg")) {}

int HostLoad::Runnable() const {
  std::array<char, kSmallProcFile> buffer{};
  // "0.20 0.18 0.12 1/80 11206"
  std::string_view text = ReadProcStart(file_.get(), buffer);
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

}  // namespace command_exporter
