// Instances: the configuration with its matrices expanded.
//
// Every combination of matrix values is a run and an identity of its own. The
// loader makes the command table from this list, the web side its collectors;
// both expand the same configuration in the same order, so an index means the
// same command on both sides of the process border.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_INSTANCES_HPP_
#define COMMAND_EXPORTER_COLLECTORS_INSTANCES_HPP_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/config/config.hpp"
#include "core/metrics/families.hpp"
#include "core/process/command/command_table.hpp"
#include "core/process/system/cgroup_home.hpp"

namespace command_exporter {

struct Instance {
  std::size_t collector{};  // index in Config::collectors
  Labels matrix{};          // sorted by name; empty without a matrix
  // What stands for {name}: the matrix, and each parameter's default.
  Labels substitutions{};
  // argv with these values in place; for `shell` the interpreter, the
  // script and nothing else.
  std::vector<std::string> argv{};
};

// Enabled collectors only, in configuration order.
std::vector<Instance> ExpandInstances(const Config& config);

// What the table takes from the exporter's own surroundings.
struct TableContext {
  // Who runs commands without `user`; empty: whoever the exporter is.
  std::string default_user{};
  std::vector<std::string> environment{};  // NAME=value, the exporter's own
  // Where runs get control groups. None: not known here, so that what depends
  // on it is not refused but told as a warning.
  std::optional<CgroupHome> cgroups{CgroupHome{}};
  // Told once a collector, with its position. May be empty.
  std::function<void(const std::string&)> warn{};
};

// Resolves users and paths; asks the name service. Errors: with the position
// of the collector (unknown user, a user without the privilege to switch) or of
// its limits (one that nothing here could hold).
Result<CommandTable> BuildCommandTable(const Config& config,
                                       const TableContext& context,
                                       std::uint32_t generation);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_INSTANCES_HPP_
