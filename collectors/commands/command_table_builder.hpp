// The loader's part of a configuration: its instances as the command table that
// the launcher runs.
//
// Here, and only here, names become ids and programs become paths, while this
// process may still ask for them. The order is that of ExpandInstances, so that
// an index means the same command on both sides of the process border.
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
#include "core/process/command/command_table.hpp"
#include "core/process/system/cgroup_home.hpp"

namespace command_exporter {

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

#endif  // COMMAND_EXPORTER_COLLECTORS_COMMANDS_COMMAND_TABLE_BUILDER_HPP_
