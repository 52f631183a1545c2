// Maps the ending of a run to the reason of its failure, with one line for the
// administrator.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_ENDING_REASONS_HPP_
#define COMMAND_EXPORTER_COLLECTORS_ENDING_REASONS_HPP_

#include <optional>
#include <string>

#include "core/base/reason.hpp"
#include "core/config/config.hpp"
#include "core/process/command/command_runner.hpp"

namespace command_exporter {

// The names that appear in the messages.
struct RunDescription {
  std::string program{};  // argv[0]
  std::string cwd{};
};

// None: the run succeeded and its output can be parsed.
std::optional<Failure> FailureOf(const CommandResult& result,
                                 const RunConfig& run,
                                 const RunDescription& description);

bool IsSuccess(int exit_code, const ExitCodes& codes);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_ENDING_REASONS_HPP_
