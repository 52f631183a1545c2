// LauncherLoop: the launcher's one loop. It receives messages, advances runs,
// and sends messages.
//
// A turn: wait; take what has arrived (messages, ended children, hang-ups);
// timers; sweep and report; admit. No step blocks: only files of /proc are
// read, no execve is waited for, and messages that a peer does not take are
// queued. A message of a peer can at worst end the launcher
// (message_rules.hpp).
//
// Thread safety: none; one thread owns it.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_LAUNCHER_LOOP_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_LAUNCHER_LOOP_HPP_

#include <cstdint>

#include "core/base/deadline.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/ipc/channel.hpp"
#include "core/process/ipc/message_rules.hpp"
#include "core/process/ipc/messages.hpp"
#include "core/process/launcher/admission.hpp"
#include "core/process/launcher/launcher_options.hpp"
#include "core/process/launcher/own_limits.hpp"
#include "core/process/launcher/run_command.hpp"
#include "core/process/launcher/run_table.hpp"

namespace command_exporter {

class LauncherLoop final : private RunSink {
 public:
  // `open_files`: the limit for commands.
  LauncherLoop(LauncherOptions options, const rlimit& open_files);

  // Runs until a peer is gone, then kills all live runs. Returns the exit
  // status.
  int Run();

 private:
  struct Peer {
    Channel channel{};
    std::uint64_t tag{};
    MessageRules rules;
    bool waits_for_room{};  // as registered in epoll
  };

  void Started(const command_exporter::Run& run) override;
  void TimedOut(std::uint64_t job) override;
  void Diagnosed(std::uint64_t job, const StartDiagnosis& found) override;
  void Ended(const DoneMessage& end) override;
  void Released(std::uint64_t job) override;

  bool Watch(int fd, std::uint64_t tag) const;
  int WaitMilliseconds(Clock::time_point now) const;
  void OnEvent(std::uint64_t tag, Clock::time_point now);
  void TakeChildSignals(Clock::time_point now);
  void TakeMessages(Peer& peer, Clock::time_point now);
  void Flush(Peer& peer);

  // False: the peer has broken the protocol.
  bool OnMessage(Peer& peer, const Packet& packet, Clock::time_point now);
  void OnRun(const RunMessage& message, Clock::time_point now);
  void OnCancel(const CancelMessage& message, Clock::time_point now);
  void OnExtend(const ExtendMessage& message);
  void OnTable(const Packet& packet);
  void SendStats(Peer& peer);
  bool AddTable(int sealed);

  void Refuse(std::uint64_t job, StartFault fault);

  UniqueFd epoll_;
  UniqueFd child_signals_;
  Peer web_;
  Peer guardian_;
  Generations generations_{};
  RunTable runs_;
  Admission admission_;
  OwnLimits limits_{};
  bool children_left_{};  // ended children remain for the next turn
  bool ended_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_LAUNCHER_LOOP_HPP_
