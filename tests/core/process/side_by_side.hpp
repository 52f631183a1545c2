// Scenes that mostly wait, played at once, each in a process of its own.
//
// Nothing is shared: each process is the subreaper of its own scene, so that
// "nothing is left" is said of one scene only. Catch's assertions work there
// as everywhere; what failed is printed by the scene's process, with its INFO,
// and fails the case here.
//
// Thread safety: none. The test's process must have one thread (it forks).
#ifndef COMMAND_EXPORTER_TESTS_CORE_PROCESS_SIDE_BY_SIDE_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_PROCESS_SIDE_BY_SIDE_HPP_

#include <functional>
#include <string>
#include <vector>

namespace command_exporter {

struct Play {
  std::string name{};  // told with what fails
  std::function<void()> scene{};
};

// Returns when all have ended.
void PlaySideBySide(const std::vector<Play>& plays);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_PROCESS_SIDE_BY_SIDE_HPP_
