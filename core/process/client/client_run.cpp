#include "core/process/client/client_run.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <utility>

#include "core/base/huge_pages.hpp"

namespace command_exporter {
namespace {

// A long text grows fourfold: twofold, its bytes would be copied three times as
// often, into memory that is new each time. What stays unused is not touched.
void MakeRoom(std::string& text, std::size_t more, std::size_t limit) {
  constexpr std::size_t kLong = 1U << 20U;
  if (text.size() >= kLong && text.capacity() - text.size() < more) {
    text.reserve(std::min(limit, 4 * text.size()));
    AskForHugePages(text);
  }
}

}  // namespace

void CappedStream::Open(UniqueFd pipe) {
  pipe_ = std::move(pipe);
  // A pipe's read end has no other status flag to keep.
  ::fcntl(pipe_.get(), F_SETFL, O_NONBLOCK);
}

DrainState CappedStream::Drain(std::span<char> buffer, std::size_t limit,
                               int most_reads) {
  if (over_limit_) {
    return DrainState::kOverLimit;
  }
  if (!pipe_) {
    return DrainState::kEnd;
  }
  for (int i = 0; i < most_reads; ++i) {
    const ssize_t got = ::read(pipe_.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0 && errno == EAGAIN) {
      return DrainState::kEmpty;
    }
    if (got <= 0) {
      return DrainState::kEnd;
    }
    const auto size = static_cast<std::size_t>(got);
    const std::size_t room = limit - text_.size();
    MakeRoom(text_, std::min(size, room), limit);
    text_.append(buffer.data(), std::min(size, room));
    if (size > room) {
      over_limit_ = true;
      return DrainState::kOverLimit;
    }
  }
  return DrainState::kMore;
}

RunMessage MessageOf(RunId id, const CommandRequest& request,
                     std::size_t behind) {
  constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
  return {.generation = request.generation,
          .job = id,
          .command = request.command,
          .behind = static_cast<std::uint32_t>(std::min(behind, kMost)),
          .timeout_ns = request.timeout.count(),
          .deadline_ns = request.deadline.nanoseconds()};
}

CommandResult PartialResult(const ClientRun& run) {
  return {.ending = Ending::kTimedOut,
          .out = run.out.text(),
          .err = run.err.text()};
}

CommandResult EndedHere(ClientRun& run, Ending ending) {
  return {
      .ending = ending, .out = run.out.TakeText(), .err = run.err.TakeText()};
}

CommandResult TooLate(bool connected) {
  return {.ending = connected ? Ending::kNotStarted : Ending::kLauncherLost,
          .fault = StartFault::kTooMany};
}

// The launcher never reads output, so only this side knows that a stream was
// over its limit or had no descriptors.
CommandResult FinalResult(ClientRun& run, const DoneMessage& done) {
  CommandResult result;
  result.ending = done.ending;
  result.code = done.code;
  result.fault = done.fault;
  result.diagnosis = std::move(run.diagnosis);
  result.out = run.out.TakeText();
  result.err = run.err.TakeText();
  result.ran = Duration{done.wall_ns};
  result.cpu = Duration{done.cpu_ns};
  result.max_rss_bytes = done.max_rss_bytes;
  result.leftovers = done.leftovers;
  result.over_memory = done.over_memory != 0;
  const bool ended_by_itself =
      done.ending == Ending::kExited || done.ending == Ending::kSignaled;
  if (run.output_lost) {
    result.ending = Ending::kNotStarted;
    result.fault = StartFault::kDescriptors;
    result.code = EMFILE;
  } else if (ended_by_itself &&
             (run.out.over_limit() || run.err.over_limit())) {
    result.ending = Ending::kOutputLimit;
    result.code = 0;
  }
  return result;
}

}  // namespace command_exporter
