// The programs of the launcher's soak, and their expected results.
//
// Thread safety: plain values.
#ifndef COMMAND_EXPORTER_TESTS_SOAK_SOAK_PROGRAMS_HPP_
#define COMMAND_EXPORTER_TESTS_SOAK_SOAK_PROGRAMS_HPP_

#include <optional>
#include <string>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/process/command/command_runner.hpp"
#include "core/process/command/command_table.hpp"

namespace command_exporter {

struct SoakProgram {
  CommandSpec spec{};
  Duration timeout{};
  std::vector<Ending> endings{};  // any of them is right
  std::optional<int> code{};      // the exit status or signal, if fixed
  std::optional<std::string> out{};
  // The processes that it starts inherit its environment, so that all of them
  // can be found once it is done.
  bool marked{true};
};

// Healthy programs with an exact result, and hostile ones. Each command has
// SOAK_PROGRAM=<index>. in its environment.
std::vector<SoakProgram> SoakPrograms();

// "SOAK_PROGRAM=7."
std::string SoakMark(std::size_t index);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_SOAK_SOAK_PROGRAMS_HPP_
