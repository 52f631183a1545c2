// Program trust: checks that nobody else may change the programs of the command
// table.
//
// For each command, the checked file is the one that execve would take: the
// first of its paths that exists and may be executed. For root's commands, the
// folders of PATH are checked too (search_path_trust.hpp). Files that a program
// reads itself (a script's interpreter, a script named as an argument) are not
// checked.
//
// A program on a mount that does not answer must not keep the exporter from
// starting: after two seconds (six for all) only the launcher's check before
// each start remains. Each check therefore has a thread of its own.
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
  std::vector<std::string> findings{};    // unsafe programs
  std::vector<std::string> warnings{};    // less grave findings
  std::vector<std::string> unanswered{};  // programs that could not be checked
};

// Each line has the position of the first collector concerned. `table` is the
// result of BuildCommandTable for `config` and `context`.
ProgramReport InspectPrograms(const Config& config, const TableContext& context,
                              const CommandTable& table);

// Makes the launcher check again before each start.
void RequireTrust(CommandTable& table);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_COMMANDS_PROGRAM_TRUST_HPP_
