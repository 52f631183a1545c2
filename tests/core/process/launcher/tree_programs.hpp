// Programs with a process that SIGKILL alone does not end, and with
// what could die below it.
//
// A parent in state D, or one that its own tracer holds, keeps its children:
// they are in sessions of their own, so that no signal to the group of the run
// reaches them, and no child of the launcher either. They are parts of the test
// binary, as those of hostile_programs.hpp, and say "ready" on standard output
// when all stand in their places.
//
// Thread safety: none.
#ifndef COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_TREE_PROGRAMS_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_TREE_PROGRAMS_HPP_

#include <functional>
#include <string>
#include <vector>

namespace command_exporter {

struct TreeProgram {
  enum class Needs { kNothing, kMount, kRootAndMount };

  const char* name{};
  Needs needs{};
  // The states of what no signal ends while the mount hangs, sorted.
  std::string stays{};
  std::function<void()> play{};
};

// In the environment: the folder of a HungMount.
inline constexpr const char* kHangVariable = "HOSTILE_HANG";

const std::vector<TreeProgram>& TreePrograms();

// A daemon hangs, and the tag of what is below it is that of another run, with
// which it goes.
const TreeProgram& BorrowerProgram();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_TREE_PROGRAMS_HPP_
