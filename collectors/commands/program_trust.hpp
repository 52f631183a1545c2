// The programs of the command table, which nobody else may change.
//
// Of each command that file is looked at which execve would take: the first of
// its paths that is there and may be executed. Of root's commands also the
// folders of PATH (search_path_trust.hpp). What a program reads itself (a
// script's interpreter, a script named as an argument) is its own business.
//
// A program on a mount that does not answer must not keep the exporter from
// starting: after two seconds (six for all) it is left to the look that the
// launcher takes before each start. So each look has a thread of its own.
//
// Thread safety: pure but for the file system and the name service.
#ifndef COMMAND_EXPORTER_COLLECTORS_COMMANDS_PROGRAM_TRUST_HPP_
#define COMMAND_EXPORTER_COLLECTORS_COMMANDS_PROGRAM_TRUST_HPP_

#include <string>
#include <vector>

#include "collectors/commands/command_table_builder.hpp"
#include "core/config/config.hpp"
#include "core/process/command/command_table.hpp"

namespace command_exporter {

struct ProgramReport {
  std::vector<std::string> findings{};    // what is unsafe
  std::vector<std::string> warnings{};    // what is nearly so
  std::vector<std::string> unanswered{};  // which programs could not be seen
};

// Each line with the position of the first collector that has it. `table` is
// BuildCommandTable's for `config` and `context`.
ProgramReport InspectPrograms(const Config& config, const TableContext& context,
                              const CommandTable& table);

// Lets the launcher look again before each start.
void RequireTrust(CommandTable& table);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_COMMANDS_PROGRAM_TRUST_HPP_
