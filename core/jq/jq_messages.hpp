// The message pipe of an evaluation: libjq's standard error, followed by the
// nursery's report of how the process ended.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_JQ_JQ_MESSAGES_HPP_
#define COMMAND_EXPORTER_CORE_JQ_JQ_MESSAGES_HPP_

#include <optional>
#include <string>
#include <string_view>

namespace command_exporter {

struct JqMessages {
  std::string text{};
  std::optional<int> status{};  // of wait(2); none: not reported
};

// Neither function waits for room in the pipe.
void WriteJqMessage(int fd, std::string_view text);
void WriteJqStatus(int fd, int status);

// Keeps the end of the messages, which has the status: a library with corrupt
// memory may print without end.
void AppendJqMessages(std::string& messages, std::string_view bytes);

// `bytes`: all kept bytes.
JqMessages ReadJqMessages(std::string bytes);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_JQ_JQ_MESSAGES_HPP_
