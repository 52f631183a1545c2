// ClientRun: one run in the web side, with its two streams and its result.
//
// A stream keeps at most the run's max_output bytes. One more byte ends the
// reading: the pipe fills and blocks the writer, which costs nothing until the
// launcher has killed it.
//
// Thread safety: none; the client's thread owns all of it.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_CLIENT_CLIENT_RUN_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_CLIENT_CLIENT_RUN_HPP_

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/base/deadline.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/command/command_runner.hpp"
#include "core/process/ipc/messages.hpp"

namespace command_exporter {

enum class DrainState {
  kMore,       // stopped after `most_reads`
  kEmpty,      // nothing to read now
  kEnd,        // every writer has closed it, or it was never open
  kOverLimit,  // more than the limit was there
};

class CappedStream {
 public:
  // Makes the pipe non-blocking.
  void Open(UniqueFd pipe);
  // Reads into `buffer` and keeps up to `limit` bytes in all.
  DrainState Drain(std::span<char> buffer, std::size_t limit, int most_reads);

  void Close() { pipe_.Reset(); }

  int fd() const { return pipe_.get(); }

  bool over_limit() const { return over_limit_; }

  const std::string& text() const { return text_; }

  std::string TakeText() { return std::move(text_); }

 private:
  UniqueFd pipe_;
  std::string text_;
  bool over_limit_{};
};

struct ClientRun {
  CommandRequest request{};
  RunCallbacks callbacks{};
  CappedStream out{};
  CappedStream err{};
  std::optional<Clock::time_point> started{};
  bool sent{};         // the launcher has its message
  bool extended{};     // since then, and the launcher does not know it yet
  bool cancelled{};    // a Cancel for it was sent
  bool output_lost{};  // there were no free descriptors for its pipes
  std::shared_ptr<const StartDiagnosis> diagnosis{};  // null: none came
};

// The message that asks the launcher for the run. `behind`: so many others
// wait in the web side.
RunMessage MessageOf(RunId id, const CommandRequest& request,
                     std::size_t behind = 0);

// What the run has printed so far, ending kTimedOut.
CommandResult PartialResult(const ClientRun& run);

// The result of a run that ends without a report of the launcher.
CommandResult EndedHere(ClientRun& run, Ending ending);

// The result of a run that has waited here for too long: for others, or for a
// launcher.
CommandResult TooLate(bool connected);

// The launcher's report with the output. Output over the limit is a failure
// even when the command had ended before the excess was read.
CommandResult FinalResult(ClientRun& run, const DoneMessage& done);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_CLIENT_CLIENT_RUN_HPP_
