// CommandCollector: runs one command and reads its output.
//
// The path of one run: CommandRunner -> endings to reasons -> line filters ->
// format -> metric mapper -> Outcome. Short outputs are read on the runner's
// thread, all others on the given executor, so that one large output does not
// delay the pipes of the others.
//
// Thread safety: immutable; see Collector. The runner, the executor and jq's
// process must outlive it and every run.
#ifndef COMMAND_EXPORTER_COLLECTORS_COMMAND_COLLECTOR_HPP_
#define COMMAND_EXPORTER_COLLECTORS_COMMAND_COLLECTOR_HPP_

#include <cstdint>
#include <memory>
#include <vector>

#include "collectors/instances.hpp"
#include "core/config/config.hpp"
#include "core/jq/jq_process.hpp"
#include "core/process/command/command_runner.hpp"
#include "core/scrape/collector.hpp"
#include "core/scrape/parse_pool.hpp"

namespace command_exporter {

// One collector for each instance, in the order of ExpandInstances.
std::vector<std::shared_ptr<const Collector>> MakeCollectors(
    const std::shared_ptr<const Config>& config, std::uint32_t generation,
    CommandRunner& runner, const Executor& executor, JqProcess& jq);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_COMMAND_COLLECTOR_HPP_
