#include "core/process/guardian/guardian_log.hpp"

#include <sys/wait.h>

#include <cstddef>
#include <cstring>

#include "core/base/text.hpp"

namespace command_exporter {
namespace {

// The error of a load may quote a file, so a message is limited.
constexpr std::size_t kLongestMessage = 1500;

}  // namespace

void GuardianLog(LogLevel level, std::string_view message) {
  Log(level, {{"msg", message.substr(0, kLongestMessage)}});
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
