// Whether a shell command line has a pipe, and what becomes of its status.
//
// The status of a pipe is that of its last part, so `nosuch | wc -l` succeeds
// and prints 0. Command lines with a pipe therefore run under bash with
// pipefail, and have a rule of their own for success; the others keep /bin/sh.
// Hence the question.
//
// A line that tests the status of a pipe (`if a | grep -q b`, `a | b || c`)
// must not have pipefail: grep -q ends a before its end, which is a status of
// 141, and the line would take the other branch. It keeps /bin/sh.
//
// A pipe is a `|` that the shell would take for one: not quoted, not escaped,
// not in a comment, in arithmetic or in a pattern of `case`, and not a part of
// `||` or `>|`. In the body of a here-document only substitutions are read.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_SHELL_PIPE_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_SHELL_PIPE_HPP_

#include <string_view>

#include "core/config/config.hpp"

namespace command_exporter {

struct ShellPipes {
  bool has_pipe{};
  // The status of a pipe decides what the line does next.
  bool tests_status{};
  // `exit` or `set`: the status of the line may not be that of its last pipe.
  bool ends_early{};
};

ShellPipes FindPipes(std::string_view shell);

// For a collector whose user cannot execute bash, or whose line tests the
// status of a pipe. /bin/sh ignores the failure
// of all parts of a pipe but the last, so text on standard error is a failure
// unless the file says otherwise.
void UsePlainShell(CollectorConfig& collector);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SHELL_PIPE_HPP_
