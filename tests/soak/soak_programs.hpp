// What the soak of the launcher runs, and what must come of each.
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
  std::optional<int> code{};      // where it exits or is signalled
  std::optional<std::string> out{};
  // What it starts bears its environment, so that nothing of it may be found
  // once it is done.
  bool marked{true};
};

// Healthy ones, whose result is known to the byte, and hostile ones. Each
// command has SOAK_PROGRAM=<index>. in its environment.
std::vector<SoakProgram> SoakPrograms();

// "SOAK_PROGRAM=7."
std::string SoakMark(std::size_t index);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_SOAK_SOAK_PROGRAMS_HPP_
