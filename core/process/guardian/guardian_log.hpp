// The guardian's log lines.
//
// Long lines are cut. A reader that stops reading does not block the guardian:
// log.hpp.
//
// Thread safety: one thread.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_LOG_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_LOG_HPP_

#include <string>
#include <string_view>

#include "core/base/log.hpp"

namespace command_exporter {

void GuardianLog(LogLevel level, std::string_view message);
// One ERROR line for each line of `problems`.
void GuardianLogProblems(std::string_view problems);

// "exit status 1", "signal 9 (Killed)". `status` as of waitpid(2).
std::string DescribeStatus(int status);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_LOG_HPP_
