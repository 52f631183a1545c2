// Commands for the engine's tests: short, by absolute path, with a short grace
// and an environment of two variables.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_COMMAND_SPECS_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_COMMAND_SPECS_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/process/command/command_table.hpp"
#include "core/process/ipc/messages.hpp"

namespace command_exporter {

// `sh -c script` with a short grace.
CommandSpec Shell(const std::string& script);
// Without a shell, by absolute path.
CommandSpec Program(std::vector<std::string> argv);
// The end of a run that has used this much processor time.
DoneMessage EndOf(std::uint64_t job, Duration cpu,
                  Ending ending = Ending::kExited);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_COMMAND_SPECS_HPP_
