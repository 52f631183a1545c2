// The messages about what keeps a program from starting.
//
// A failed start and --config.check use the same words: the check asks a
// process of the run's user for the same look (program_check.hpp).
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_START_MESSAGES_HPP_
#define COMMAND_EXPORTER_COLLECTORS_START_MESSAGES_HPP_

#include <string>

#include "core/process/command/start_diagnosis.hpp"

namespace command_exporter {

// The names that appear in the messages.
struct RunDescription {
  std::string program{};  // argv[0]
  std::string cwd{};
  std::string user{};  // empty: not known
};

// "user nobody may not enter /root (mode 0700, owner root)"; empty when
// nothing was found.
std::string ObstacleText(const StartDiagnosis& found,
                         const RunDescription& run);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_START_MESSAGES_HPP_
