#include "core/process/ipc/own_stats.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <ctime>

#include "core/base/close_files.hpp"
#include "core/process/system/proc_files.hpp"

namespace command_exporter {

StatsMessage OwnStats() {
  StatsMessage stats;
  stats.pid = static_cast<std::uint32_t>(::getpid());
  stats.resident_bytes = OwnResidentBytes();
  timespec cpu{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
  stats.cpu_ns =
      (std::chrono::seconds(cpu.tv_sec) + std::chrono::nanoseconds(cpu.tv_nsec))
          .count();
  stats.open_fds = static_cast<std::uint32_t>(CountOpenFds().value_or(0));
  return stats;
}

}  // namespace command_exporter
