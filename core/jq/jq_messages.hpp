// What comes through the pipe for messages of an evaluation: what libjq says on
// its standard error, and then, from the nursery, how the process ended.
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
  std::optional<int> status{};  // of wait(2); none: nobody said
};

// Neither waits for room.
void WriteJqMessage(int fd, std::string_view text);
void WriteJqStatus(int fd, int status);

// Keeps the end of what comes, where the status is: a library that has ruined
// its memory may talk for ever.
void AppendJqMessages(std::string& messages, std::string_view bytes);

// `bytes`: all that is kept.
JqMessages ReadJqMessages(std::string bytes);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_JQ_JQ_MESSAGES_HPP_
