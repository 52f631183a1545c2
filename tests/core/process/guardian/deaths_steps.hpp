// The steps of a run and of a reload at which a role may die, as one table.
//
// Time alone does not decide when a step is reached. A step is either held (a
// role is stopped before it can continue, a load hangs, a program is on a mount
// that never answers) or observed (a process exists only at that step).
//
// Thread safety: none.
#ifndef COMMAND_EXPORTER_TESTS_CORE_PROCESS_GUARDIAN_DEATHS_STEPS_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_PROCESS_GUARDIAN_DEATHS_STEPS_HPP_

#include <sys/types.h>

#include <memory>
#include <vector>

#include "tests/core/process/guardian/guardian_harness.hpp"
#include "tests/core/process/launcher/hung_mount.hpp"

namespace command_exporter {

// A service in which some roles may be stopped.
struct Scene {
  std::unique_ptr<HungMount> mount{};
  Service service;
  ServiceBoard& board;
  bool reloads{};  // generation 2 is being loaded

  Scene();
  ~Scene();
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  // Waits until the process is stopped.
  bool Stop(pid_t pid) const;
  void Reload();
  // True when the loader has answered and is gone.
  bool Loaded();
  // Starts a run whose process hangs before its exec, and waits until it does.
  bool StartHung();
  // Releases everything that the step holds, except `not_this`.
  void LetGo(pid_t not_this = 0);
};

enum class StepKind {
  kPlain,
  kHung,    // needs a mount that never answers
  kHidden,  // needs a look at what the guardian has open
};

struct Step {
  const char* name{};
  bool (*reach)(Scene&){};  // false: the step was not reached
  StepKind kind{};
};

const std::vector<Step>& Steps();

// Sends SIGCONT, if there is such a process.
void Continue(pid_t pid);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_PROCESS_GUARDIAN_DEATHS_STEPS_HPP_
