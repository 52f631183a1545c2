#include "core/process/guardian/leftover_report.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <string>

#include "core/process/guardian/guardian_log.hpp"
#include "core/process/system/proc_files.hpp"

namespace command_exporter {
namespace {

constexpr std::size_t kMostLines = 20;

// D also when only a later thread of it is in that state.
char StateOf(pid_t pid, const ProcessFacts& facts) {
  return SwitchesInKernelSleep(pid) ? 'D' : facts.state;
}

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

void ReportLeftovers(std::span<const pid_t> pids, const RunLedger& ledger) {
  for (const pid_t pid : pids.first(std::min(pids.size(), kMostLines))) {
    // Without facts: /proc hides it, since it is another user's.
    const ProcessFacts facts =
        FactsOf(pid).value_or(ProcessFacts{.name = "?", .state = '?'});
    const char state = StateOf(pid, facts);
    const std::string collector = ledger.CollectorOf(RealTimeLimitOf(pid));
    GuardianLog(LogLevel::kError,
                "process " + std::to_string(pid) + " (" + facts.name +
                    ", state " + state + ") of " +
                    (collector.empty() ? "an unknown collector"
                                       : "collector \"" + collector + '"') +
                    " stays behind: " + WhyItStays(pid, state));
  }
  if (pids.size() > kMostLines) {
    GuardianLog(LogLevel::kError, std::to_string(pids.size() - kMostLines) +
                                      " more processes stay behind");
  }
}

}  // namespace command_exporter
