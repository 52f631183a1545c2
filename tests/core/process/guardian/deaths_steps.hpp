// The steps of a run and of a reload at which a role may die, as one table.
//
// A step is not guessed by time: it is held (a role stopped before it can go
// on, a load that hangs, a program on a mount that never answers) or seen (a
// process that is there only then).
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
  bool reloads{};  // generation 2 is under way

  Scene();
  ~Scene();
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  // Waits until it is.
  bool Stop(pid_t pid) const;
  void Reload();
  // The loader has answered and is gone.
  bool Loaded();
  // A run whose process hangs before its exec.
  bool StartHung();
  // All that the step holds goes on, but for `not_this`.
  void LetGo(pid_t not_this = 0);
};

struct Step {
  const char* name{};
  bool (*reach)(Scene&){};  // false: it was not
  bool hangs{};             // needs a mount that never answers
};

const std::vector<Step>& Steps();

// SIGCONT, if there is such a process.
void Continue(pid_t pid);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_PROCESS_GUARDIAN_DEATHS_STEPS_HPP_
