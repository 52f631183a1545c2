// ReplayRun: the outcome of a recorded result, without running the command.
//
// It uses the collector of the service with another CommandRunner, so that no
// part of its path (exit status, standard error, filters, format, metrics,
// limits) is written twice.
//
// Thread safety: pure.
#ifndef COMMAND_EXPORTER_COLLECTORS_EXAMPLES_RECORDED_RUN_HPP_
#define COMMAND_EXPORTER_COLLECTORS_EXAMPLES_RECORDED_RUN_HPP_

#include "core/config/config.hpp"
#include "core/jq/jq_process.hpp"
#include "core/process/command/command_runner.hpp"
#include "core/scrape/outcome.hpp"

namespace command_exporter {

// Output above max_output ends the run as the launcher would end it. Requires:
// each axis of the collector's matrix has one value.
Outcome ReplayRun(JqProcess& jq, CollectorConfig collector,
                  CommandResult result);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_EXAMPLES_RECORDED_RUN_HPP_
