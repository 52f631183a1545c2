// Maps the ending of a run to the reason of its failure, with one line for the
// administrator.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_ENDING_REASONS_HPP_
#define COMMAND_EXPORTER_COLLECTORS_ENDING_REASONS_HPP_

#include <optional>
#include <string>

#include "collectors/start_messages.hpp"
#include "core/base/reason.hpp"
#include "core/config/config.hpp"
#include "core/process/command/command_runner.hpp"

namespace command_exporter {

// None: the run succeeded and its output can be parsed.
std::optional<Failure> FailureOf(const CommandResult& result,
                                 const RunConfig& run,
                                 const RunDescription& description);

// The status that a format reads: of a pipe, that of its last part if the
// others were only cut short.
int StatusOf(const CommandResult& result, const RunConfig& run);

// What a run wrote to standard error although it succeeded; empty: nothing.
std::string RemarkOf(const CommandResult& result);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_ENDING_REASONS_HPP_
