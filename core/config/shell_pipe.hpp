// Whether a shell command line has a pipe.
//
// The status of a pipe is that of its last part, so `nosuch | wc -l` succeeds
// and prints 0. Command lines with a pipe therefore run under bash with
// pipefail, and have a rule of their own for success; the others keep /bin/sh.
// Hence the question.
//
// A pipe is a `|` that the shell would take for one: not quoted, not escaped,
// not in a comment, in arithmetic or in a pattern of `case`, and not a part of
// `||` or `>|`. The body of a here-document is read as commands.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_SHELL_PIPE_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_SHELL_PIPE_HPP_

#include <string_view>

#include "core/config/config.hpp"

namespace command_exporter {

bool HasPipe(std::string_view shell);

// For a collector whose user cannot execute bash. /bin/sh ignores the failure
// of all parts of a pipe but the last, so text on standard error is a failure
// unless the file says otherwise.
void UsePlainShell(CollectorConfig& collector);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SHELL_PIPE_HPP_
