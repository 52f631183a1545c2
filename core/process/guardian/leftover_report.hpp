// What the log says of a process that stays behind when the exporter ends.
//
// Thread safety: reads /proc; never what can hang with a process in state D.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_LEFTOVER_REPORT_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_LEFTOVER_REPORT_HPP_

#include <sys/types.h>

#include <span>

#include "core/process/ipc/run_ledger.hpp"

namespace command_exporter {

// A line for each process, with its collector and why it stays; for the first
// 20, and how many others there are.
void ReportLeftovers(std::span<const pid_t> pids, const RunLedger& ledger);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_LEFTOVER_REPORT_HPP_
