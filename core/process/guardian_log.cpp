#include "core/process/guardian_log.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>

#include "core/base/text.hpp"

namespace command_exporter {
namespace {

// poll(2) calls a pipe writable when PIPE_BUF (4096) bytes fit; with time,
// level and escapes a line stays below that.
constexpr std::size_t kLongestMessage = 1500;

bool StandardErrorTakesALine() {
  pollfd error{STDERR_FILENO, POLLOUT, 0};
  return ::poll(&error, 1, 0) == 1;
}

}  // namespace

void GuardianLog(LogLevel level, std::string_view message) {
  if (StandardErrorTakesALine()) {
    Log(level, {{"msg", message.substr(0, kLongestMessage)}});
  }
}

void GuardianLogProblems(std::string_view problems) {
  std::string_view line;
  while (NextLine(problems, line)) {
    if (!Trim(line).empty()) {
      GuardianLog(LogLevel::kError, line);
    }
  }
}

std::string DescribeStatus(int status) {
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    return "signal " + std::to_string(signal) + " (" + ::strsignal(signal) +
           ")";
  }
  return "exit status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace command_exporter
