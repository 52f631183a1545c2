// Commands as the engine's tests write them: short, by absolute path, with a
// short grace and an environment of two variables.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_COMMAND_SPECS_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_COMMAND_SPECS_HPP_

#include <string>
#include <vector>

#include "core/process/command_table.hpp"

namespace command_exporter {

// `sh -c script` with a short grace.
CommandSpec Shell(const std::string& script);
// Without a shell, by absolute path.
CommandSpec Program(std::vector<std::string> argv);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_COMMAND_SPECS_HPP_
