// Reads the configuration for the modes of the command line.
//
// Thread safety: pure but for the file system.
#ifndef COMMAND_EXPORTER_CORE_SERVICE_LOAD_CONFIGURATION_HPP_
#define COMMAND_EXPORTER_CORE_SERVICE_LOAD_CONFIGURATION_HPP_

#include <cstdint>
#include <string>

#include "collectors/commands/command_table_builder.hpp"
#include "core/config/config.hpp"
#include "core/config/load.hpp"
#include "core/jq/jq_process.hpp"

namespace command_exporter {

struct CheckedFiles {
  ConfigText text{};
  Config config{};
};

// Reads and checks `path` and its includes; `jq` compiles its jq programs.
Result<CheckedFiles, ConfigErrors> LoadFiles(
    JqProcess& jq, const std::string& path,
    PathTrust trust = PathTrust::kIgnore);

// The treatment of files and programs that others may change. `allowed` is
// --config.allow-insecure. Without privilege (user.hpp's HasPrivilege), they
// are ignored: an attacker would gain only the rights of our own user, who has
// already given the access away.
PathTrust TrustFor(bool allowed);

// The command table of `files`. With kWarn, findings about unsafe programs are
// added to its warnings.
Result<CommandTable, ConfigErrors> LoadTable(CheckedFiles& files,
                                             const TableContext& context,
                                             PathTrust trust,
                                             std::uint32_t generation);

// Our own environment, and `user` for commands without a user (empty: our own
// user).
TableContext MakeTableContext(const std::string& user);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SERVICE_LOAD_CONFIGURATION_HPP_
