// ClientRuns: the runs that the client has asked for and whose end it has not
// reported, and those that were reported as stuck.
//
// A run is here until its `done` is called, and leaves before, so that a
// callback may do what it likes. Each pipe is taken out of epoll before it is
// closed: the launcher holds a duplicate, so closing alone would leave it
// there.
//
// Thread safety: none; the client's thread owns it.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_CLIENT_CLIENT_RUNS_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_CLIENT_CLIENT_RUNS_HPP_

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/client/client_run.hpp"
#include "core/process/command/command_runner.hpp"
#include "core/process/ipc/messages.hpp"

namespace command_exporter {

class ClientRuns {
 public:
  // Of the events of streams in `epoll`, which must outlive this: the run's id
  // and one bit. Smaller tags are free for others, since ids begin with 1.
  static constexpr std::uint64_t kFirstTag = 2;

  explicit ClientRuns(int epoll);

  bool empty() const { return runs_.empty(); }

  // Null: there is none.
  ClientRun* Find(RunId id);
  ClientRun& Add(RunId id, ClientRun run);

  // Calls `visit` with each; it may not add or end one.
  void ForEach(const std::function<void(RunId, ClientRun&)>& visit);

  // The launcher has started it; `ends` are those of its output and its errors.
  void Open(RunId id, ClientRun& run, std::vector<UniqueFd> ends);
  // Reads what is there. The run, when that was more than it may print.
  std::optional<RunId> OnReadable(std::uint64_t tag);
  // Its timeout is over: calls `timed_out`, once, with what was printed. True:
  // that was more than it may print.
  bool TimeOut(RunId id);

  // The launcher says how it ended.
  void Finish(const DoneMessage& message);
  // It ends without a word of the launcher.
  void End(RunId id, Ending ending);
  void EndAll(Ending ending, bool only_sent);
  // Those whose deadline is over, while there is no launcher.
  void Expire(Clock::time_point now);
  // Never, when there are none.
  Deadline NextDeadline() const;

  // What was stuck is gone; or nobody can tell any more when it goes.
  void Release(RunId id);
  void ReleaseAll();

 private:
  bool Read(ClientRun& run, bool is_out);
  // Takes the run out and closes its streams; empty when there is none.
  std::optional<ClientRun> TakeOut(RunId id);
  void CloseStream(CappedStream& stream) const;

  int epoll_;
  std::unordered_map<RunId, ClientRun> runs_;
  std::unordered_map<RunId, std::function<void()>> stuck_;
  std::vector<char> buffer_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_CLIENT_CLIENT_RUNS_HPP_
