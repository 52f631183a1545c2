// Checks the jq programs of all collectors before anything runs.
//
// jq needs 30 ms to compile even a small program, because it compiles its own
// library with it. Therefore all programs are checked as one, and one by one
// only if that fails.
//
// Thread safety: as for Problems.
#ifndef COMMAND_EXPORTER_COLLECTORS_COMMANDS_JQ_CHECKS_HPP_
#define COMMAND_EXPORTER_COLLECTORS_COMMANDS_JQ_CHECKS_HPP_

#include <vector>

#include "core/config/config.hpp"
#include "core/config/problems.hpp"
#include "core/jq/jq_process.hpp"

namespace command_exporter {

void CheckJqPrograms(JqProcess& jq,
                     const std::vector<CollectorConfig>& collectors,
                     Problems& problems);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_COMMANDS_JQ_CHECKS_HPP_
