// Reading the configuration as the command line's commands need it.
//
// Thread safety: pure but for the file system.
#ifndef COMMAND_EXPORTER_CORE_CLI_LOAD_FILES_HPP_
#define COMMAND_EXPORTER_CORE_CLI_LOAD_FILES_HPP_

#include <string>
#include <vector>

#include "collectors/instances.hpp"
#include "core/config/config.hpp"
#include "core/config/load.hpp"

namespace command_exporter {

struct CheckedFiles {
  ConfigText text{};
  Config config{};
};

// Reads and checks `path` and what it includes.
Result<CheckedFiles, ConfigErrors> LoadFiles(const std::string& path);

// Our own environment, and `user` for commands that name none (empty: whoever
// we are).
TableContext MakeTableContext(const std::string& user);

// One text, a line each, without a newline at the end.
std::string JoinLines(const std::vector<std::string>& lines);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CLI_LOAD_FILES_HPP_
