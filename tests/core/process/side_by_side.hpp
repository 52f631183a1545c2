// Runs scenes that mostly wait at the same time, each in a process of its own.
//
// Nothing is shared: each process is the subreaper of its own scene, so that
// "nothing is left" concerns one scene only. Catch's assertions work there as
// usual; the scene's process prints failures, with their INFO, and the case
// fails here.
//
// Thread safety: none. The test's process must have one thread (it forks).
#ifndef COMMAND_EXPORTER_TESTS_CORE_PROCESS_SIDE_BY_SIDE_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_PROCESS_SIDE_BY_SIDE_HPP_

#include <functional>
#include <string>
#include <vector>

namespace command_exporter {

struct Play {
  std::string name{};  // printed with its failures
  std::function<void()> scene{};
};

// Returns when all scenes have ended.
void PlaySideBySide(const std::vector<Play>& plays);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_PROCESS_SIDE_BY_SIDE_HPP_
