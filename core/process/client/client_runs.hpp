// ClientRuns: the runs that the client has requested and whose end it has not
// reported, and the runs reported as stuck.
//
// A run leaves this collection before its `done` is called, so that the
// callback may call anything. Each pipe is removed from epoll before it is
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
  // Tags of the streams' events in `epoll`, which must outlive this: the run's
  // id and one bit. Smaller tags are free for others, because ids begin with 1.
  static constexpr std::uint64_t kFirstTag = 2;

  explicit ClientRuns(int epoll);

  bool empty() const { return runs_.empty(); }

  // Null: no such run.
  ClientRun* Find(RunId id);
  ClientRun& Add(RunId id, ClientRun run);

  // The launcher has started the run; `ends` are the read ends of stdout and
  // stderr.
  void Open(RunId id, ClientRun& run, std::vector<UniqueFd> ends);
  // Reads the available output. Returns the run if it printed more than it may.
  std::optional<RunId> OnReadable(std::uint64_t tag);
  // The timeout of the run has passed: calls `timed_out`, once, with the output
  // so far. True: the run printed more than it may.
  bool TimeOut(RunId id);

  // Why the run could not be started; kept until its end.
  void Diagnose(const DiagnosisMessage& message);
  // The launcher reports the end of the run.
  void Finish(const DoneMessage& message);
  // The run ends without a report of the launcher.
  void End(RunId id, Ending ending);
  void EndAll(Ending ending, bool only_sent);
  // The run has waited here for too long.
  void EndTooLate(RunId id, bool connected);

  // A stuck run is gone, or nobody can report its end any more.
  void Release(RunId id);
  void ReleaseAll();

 private:
  bool Read(ClientRun& run, bool is_out);
  // Removes the run and closes its streams; empty if there is no such run.
  std::optional<ClientRun> TakeOut(RunId id);
  void CloseStream(CappedStream& stream) const;

  int epoll_;
  std::unordered_map<RunId, ClientRun> runs_;
  std::unordered_map<RunId, std::function<void()>> stuck_;
  std::vector<char> buffer_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_CLIENT_CLIENT_RUNS_HPP_
