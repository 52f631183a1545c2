// Reading the configuration as the command line's commands need it.
//
// Thread safety: pure but for the file system.
#ifndef COMMAND_EXPORTER_CORE_SERVICE_LOAD_CONFIGURATION_HPP_
#define COMMAND_EXPORTER_CORE_SERVICE_LOAD_CONFIGURATION_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "collectors/commands/command_table_builder.hpp"
#include "core/config/config.hpp"
#include "core/config/load.hpp"
#include "core/jq/jq_process.hpp"

namespace command_exporter {

struct CheckedFiles {
  ConfigText text{};
  Config config{};
};

// Reads and checks `path` and what it includes; `jq` compiles its jq programs.
Result<CheckedFiles, ConfigErrors> LoadFiles(
    JqProcess& jq, const std::string& path,
    PathTrust trust = PathTrust::kIgnore);

// What is to be done about files and programs that others may change.
// `allowed` is --config.allow-insecure. Started without privilege (user.hpp's
// HasPrivilege), nothing: who could use them so could gain no more than our own
// user's rights, which that user gave away.
PathTrust TrustFor(bool allowed);

// The command table of `files`. With kWarn, what is unsafe about programs is
// added to its warnings.
Result<CommandTable, ConfigErrors> LoadTable(CheckedFiles& files,
                                             const TableContext& context,
                                             PathTrust trust,
                                             std::uint32_t generation);

// Our own environment, and `user` for commands that name none (empty: whoever
// we are).
TableContext MakeTableContext(const std::string& user);

// One text, a line each, without a newline at the end.
std::string JoinLines(const std::vector<std::string>& lines);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SERVICE_LOAD_CONFIGURATION_HPP_
