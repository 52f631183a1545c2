#include "collectors/ending_reasons.hpp"

#include <string.h>  // sigabbrev_np

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "core/base/duration.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

// The first line often has the cause, and the last one its effect. Empty: there
// is no line.
std::string ErrorWords(const CommandResult& result) {
  const std::string_view last = LastLine(result.err);
  if (last.empty()) {
    return {};
  }
  std::string_view rest = result.err;
  std::string_view first;
  while (first.empty() && NextLine(rest, first)) {
    first = Trim(first);
  }
  return first == Trim(last) ? "last line on stderr: " + Quote(last)
                             : "first line on stderr: " + Quote(first) +
                                   ", last line: " + Quote(last);
}

// "; last line on stderr: "..."", or the last line of stdout when stderr is
// empty, because some programs report errors there.
std::string LastWords(const CommandResult& result) {
  if (const std::string words = ErrorWords(result); !words.empty()) {
    return "; " + words;
  }
  if (const auto line = LastLine(result.out); !line.empty()) {
    return "; last line on stdout: " + Quote(line);
  }
  return "; it printed nothing";
}

// The output so far of a run that we ended.
std::string ExcerptOf(const CommandResult& result) {
  if (result.out.empty() && result.err.empty()) {
    return "it printed nothing";
  }
  std::string text = "it printed " + std::to_string(result.out.size()) +
                     (result.out.size() == 1 ? " byte" : " bytes");
  if (const auto line = LastLine(result.out); !line.empty()) {
    text += ", last line: " + Quote(line);
  }
  if (const auto line = LastLine(result.err); !line.empty()) {
    text += ", last line on stderr: " + Quote(line);
  }
  return text;
}

std::string SignalName(int signal) {
  const char* const name = sigabbrev_np(signal);
  const std::string number = "signal " + std::to_string(signal);
  return name == nullptr ? number : number + " (SIG" + name + ")";
}

std::string CannotStart(const CommandResult& result,
                        const RunDescription& description) {
  std::string message = "cannot start " + Printable(description.program) + ": ";
  if (result.diagnosis != nullptr) {
    const std::string obstacle = ObstacleText(*result.diagnosis, description);
    if (!obstacle.empty()) {
      return message + obstacle;
    }
  }
  message += Name(result.fault);
  if (result.fault == StartFault::kChdir) {
    message += " " + Printable(description.cwd);
  }
  message += ": " + std::generic_category().message(result.code);
  const bool searched = description.program.find('/') == std::string::npos;
  if (result.fault == StartFault::kCgroup) {
    message +=
        "; containment or a limit demands one, and the exporter's part of the "
        "cgroup tree gave none";
  }
  if (result.fault == StartFault::kExec && result.code == ENOENT && searched) {
    message += "; it is in no folder of PATH";
  }
  return message;
}

Failure NotStarted(const CommandResult& result,
                   const RunDescription& description) {
  switch (result.fault) {
    case StartFault::kAdmission:
      return {Reason::kOverload,
              "not started before the time of its scrape was over: as many "
              "others were running as --max-concurrency allows (the last "
              "quarter of it only to collectors of which nothing runs); raise "
              "it, or give slow collectors a shorter timeout"};
    case StartFault::kHostBusy:
      return {Reason::kOverload,
              "not started before the time of its scrape was over: the host's "
              "processors were busy, and one more command would have slowed "
              "the others past their timeouts; run fewer or cheaper commands, "
              "or raise scrape_timeout here and in Prometheus"};
    case StartFault::kStillThere:
      return {Reason::kOverload,
              "not started before the time of its scrape was over: an earlier "
              "run of the same command was still running or being killed; give "
              "it a shorter timeout and grace, or scrape less often"};
    case StartFault::kTooMany:
      return {Reason::kOverload,
              "not started before the time of its scrape was over: so many "
              "other commands were ahead of it; the next scrape begins with "
              "those that had no time in this one; run fewer commands (one "
              "that prints the values of many instances), or raise "
              "scrape_timeout here and in Prometheus"};
    case StartFault::kStuckBefore:
      return {Reason::kStuck,
              "not started: an earlier run of it cannot be killed and is still "
              "there"};
    case StartFault::kTable:
      return {Reason::kSpawn, "cannot start " + Printable(description.program) +
                                  ": the launcher does not know it"};
    case StartFault::kTrust:
      return {Reason::kSpawn,
              "not started: since the configuration was loaded, " +
                  Printable(description.program) +
                  " or a folder above it has come to belong to somebody else "
                  "or to be writable by others; --config.check, as root, says "
                  "which and what to do"};
    default:
      break;
  }
  return {Reason::kSpawn, CannotStart(result, description)};
}

bool IsSuccess(const CommandResult& result, const RunConfig& run) {
  const ExitCodes& codes = run.success_exit_codes;
  const int status = StatusOf(result, run);
  const bool listed =
      std::ranges::any_of(codes.ranges, [status](const auto& range) {
        return range.first <= status && status <= range.second;
      });
  return codes.any || listed ||
         (codes.no_match && status == 1 && result.err.empty());
}

std::optional<Failure> Exited(const CommandResult& result,
                              const RunConfig& run) {
  if (!IsSuccess(result, run)) {
    return Failure{
        Reason::kExitStatus,
        "exit status " + std::to_string(result.code) + LastWords(result)};
  }
  if (run.fail_on_stderr.value_or(false) && !result.err.empty()) {
    const auto line = LastLine(result.err);
    return Failure{Reason::kStderr,
                   "it wrote to stderr, last line: " + Quote(line)};
  }
  return std::nullopt;
}

}  // namespace

int StatusOf(const CommandResult& result, const RunConfig& run) {
  constexpr int kEndedByPipe = 128 + SIGPIPE;  // as shells report it
  return run.success_exit_codes.early_end && result.code == kEndedByPipe &&
                 result.err.empty()
             ? 0
             : result.code;
}

std::string RemarkOf(const CommandResult& result) {
  const std::string words = ErrorWords(result);
  return words.empty() ? words : "it succeeded, but wrote text; " + words;
}

std::optional<Failure> FailureOf(const CommandResult& result,
                                 const RunConfig& run,
                                 const RunDescription& description) {
  switch (result.ending) {
    case Ending::kExited:
      return Exited(result, run);
    case Ending::kSignaled:
      if (result.over_memory) {
        return Failure{
            Reason::kSignal,
            "killed by the kernel: over limits.memory" + LastWords(result)};
      }
      return Failure{
          Reason::kSignal,
          "ended by " + SignalName(result.code) +
              (result.code == SIGXCPU && run.limits.cpu ? ", over limits.cpu"
                                                        : "") +
              LastWords(result)};
    case Ending::kTimedOut:
      return Failure{Reason::kTimeout, "killed after " +
                                           FormatDuration(run.timeout) + "; " +
                                           ExcerptOf(result)};
    case Ending::kOutputLimit:
      return Failure{Reason::kOutputLimit,
                     "killed, because it printed more than max_output, " +
                         std::to_string(run.max_output) + " bytes"};
    case Ending::kCancelled:
      return Failure{Reason::kTimeout,
                     "killed, because no scrape waited for it any longer; " +
                         ExcerptOf(result)};
    case Ending::kNotStarted:
      return NotStarted(result, description);
    case Ending::kStuck:
      return Failure{Reason::kStuck,
                     "cannot be killed, its process hangs in the kernel; it is "
                     "not started again until that ends"};
    case Ending::kLauncherLost:
      break;
  }
  return Failure{Reason::kLauncherLost,
                 "the launcher process died while the command ran; a new one "
                 "is started"};
}

}  // namespace command_exporter
