// BuildCommandTable: turns the instances of a configuration into the command
// table that the launcher runs.
//
// Only here names become ids and programs become paths, while this process may
// still look them up. The order is that of ExpandInstances, so that an index
// means the same command on both sides of the process border.
//
// Thread safety: pure functions, but for the name service.
#ifndef COMMAND_EXPORTER_COLLECTORS_COMMANDS_COMMAND_TABLE_BUILDER_HPP_
#define COMMAND_EXPORTER_COLLECTORS_COMMANDS_COMMAND_TABLE_BUILDER_HPP_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/config/config.hpp"
#include "core/config/load.hpp"
#include "core/process/command/command_table.hpp"
#include "core/process/system/cgroup_home.hpp"

namespace command_exporter {

// The facts about the exporter's surroundings that the table needs.
struct TableContext {
  // The user of commands without `user`; empty: the exporter's own user.
  std::string default_user{};
  std::vector<std::string> environment{};  // NAME=value, the exporter's own
  // Where runs get control groups. None: unknown here, so keys that depend on
  // it give a warning instead of an error.
  std::optional<CgroupHome> cgroups{CgroupHome{}};
  // Called once for each collector, with its position. May be empty.
  std::function<void(const std::string&)> warn{};
  // Whether its user can execute the program of `spec`. Empty: everybody can.
  std::function<bool(const CommandSpec& spec)> may_start{};
};

// The names of the collectors with a pipe that `table` runs without bash, since
// their user cannot execute it.
std::vector<std::string> PipesWithoutBash(const Config& config,
                                          const CommandTable& table);

// Resolves users and paths; asks the name service. Errors: those of all
// collectors, with the position of `user` (unknown, or no privilege to switch),
// of the limits (one that nothing here could enforce) or of the collector.
Result<CommandTable, ConfigErrors> BuildCommandTable(
    const Config& config, const TableContext& context,
    std::uint32_t generation);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_COMMANDS_COMMAND_TABLE_BUILDER_HPP_
