// A recorded run: what a collector would make of a result that is there
// already, without running its command.
//
// It is the collector of the service with another CommandRunner below it, so
// that nothing of its path (exit status, standard error, filters, format,
// metrics, limits) is written twice.
//
// Thread safety: pure but for the executor.
#ifndef COMMAND_EXPORTER_COLLECTORS_RECORDED_RUN_HPP_
#define COMMAND_EXPORTER_COLLECTORS_RECORDED_RUN_HPP_

#include "core/config/config.hpp"
#include "core/process/command_runner.hpp"
#include "core/scrape/outcome.hpp"
#include "core/scrape/parse_pool.hpp"

namespace command_exporter {

// Waits for the outcome. More than max_output ends the run as the launcher
// would end it. Requires: each axis of the collector's matrix has one value.
// With a ParsePool as executor an output that is never read to its end fails
// with kTimeout; then its thread is lost.
Outcome ReplayRun(CollectorConfig collector, CommandResult result,
                  const Executor& executor);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_RECORDED_RUN_HPP_
