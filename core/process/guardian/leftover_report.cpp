#include "core/process/guardian/leftover_report.hpp"

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <string>

#include "core/process/guardian/guardian_log.hpp"
#include "core/process/system/proc_files.hpp"

namespace command_exporter {
namespace {

constexpr std::size_t kMostLines = 20;

std::string WhyItStays(pid_t pid, char state) {
  if (::kill(pid, 0) != 0 && errno == EPERM) {
    return "it became another user, whose processes this exporter may not kill";
  }
  switch (state) {
    case 'D':
      return "it waits in the kernel, as for a mount that does not answer, and "
             "dies when that ends";
    case 't':
      return "another process traces it";
    case 'Z':
      return "it is dead, and its parent has not taken its exit status";
    default:
      return "it did not die in time";
  }
}

}  // namespace

bool ReportLeftovers(const std::vector<pid_t>& pids, const RunLedger& ledger) {
  std::size_t count = 0;
  for (const pid_t pid : pids) {
    const auto facts = FactsOf(pid);
    if (!facts || ++count > kMostLines) {
      continue;
    }
    const std::string collector = ledger.CollectorOf(RealTimeLimitOf(pid));
    GuardianLog(LogLevel::kError,
                "process " + std::to_string(pid) + " (" + facts->name +
                    ", state " + facts->state + ") of " +
                    (collector.empty() ? "an unknown collector"
                                       : "collector \"" + collector + '"') +
                    " stays behind: " + WhyItStays(pid, facts->state));
  }
  if (count > kMostLines) {
    GuardianLog(LogLevel::kError, std::to_string(count - kMostLines) +
                                      " more processes stay behind");
  }
  return count > 0;
}

}  // namespace command_exporter
