// The thread of LauncherClient: one epoll loop over the launcher's socket and
// the pipes of all runs.
//
// Other threads leave requests in an inbox; everything else belongs to the
// loop. One thing they do themselves: while no run is under way, the message of
// the first one goes out from the calling thread. The launcher's answer wakes
// the loop, which finds the run in its inbox; so one command alone needs one
// waking less (20 to 35 us). Not so the others of a burst: sent one by one they
// would make the launcher and the loop run against each other.
// A run is in `runs_` until its `done` is called, and leaves it before,
// so that a callback may do what it likes. Each pipe is taken out of epoll
// before it is closed: the launcher holds a duplicate, so closing alone would
// leave it there.
//
// Thread safety: the public functions may be called from any thread.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_CLIENT_LAUNCHER_CLIENT_LOOP_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_CLIENT_LAUNCHER_CLIENT_LOOP_HPP_

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/base/event_fd.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/client/client_run.hpp"
#include "core/process/command/command_runner.hpp"
#include "core/process/ipc/channel.hpp"
#include "core/process/ipc/message_rules.hpp"
#include "core/process/ipc/messages.hpp"

namespace command_exporter {

class LauncherClientLoop {
 public:
  explicit LauncherClientLoop(UniqueFd socket);
  ~LauncherClientLoop();
  LauncherClientLoop(const LauncherClientLoop&) = delete;
  LauncherClientLoop& operator=(const LauncherClientLoop&) = delete;

  RunId Start(const CommandRequest& request, RunCallbacks callbacks);
  void Cancel(RunId run);
  void Extend(RunId run, Deadline deadline);
  void Connect(UniqueFd socket);
  void RequestStats();
  std::optional<StatsMessage> stats() const;

 private:
  struct StartOrder {
    RunId id{};
    ClientRun run{};
  };

  struct CancelOrder {
    RunId id{};
  };

  struct ExtendOrder {
    RunId id{};
    Deadline deadline{};
  };

  struct ConnectOrder {
    UniqueFd socket{};
  };

  struct StatsOrder {};

  using Order = std::variant<StartOrder, CancelOrder, ExtendOrder, ConnectOrder,
                             StatsOrder>;

  // What an epoll event carries: a run's id with the stream, or one of two
  // tags that no run has, since ids begin with 1.
  static constexpr std::uint64_t kWakeTag = 0;
  static constexpr std::uint64_t kChannelTag = 1;
  static constexpr unsigned kTagBits = 1;

  static std::uint64_t StreamTag(RunId id, bool is_out) {
    return (id << kTagBits) | (is_out ? 1U : 0U);
  }

  void Post(Order order);
  // From any thread, under mutex_: true when the message has gone out.
  bool SendAhead(const StartOrder& order);
  void Run();
  // False when the loop is to end. From here on, nobody sends ahead.
  bool TakeOrders();
  // Others may send ahead if no run is under way. False: something has come
  // meanwhile, so do not sleep.
  bool LetOthersSend();
  void Obey(StartOrder order);
  void Obey(CancelOrder order);
  void Obey(ExtendOrder order);
  void Obey(ConnectOrder order);
  void Obey(StatsOrder order);

  void Watch(int operation, int fd, std::uint32_t events, std::uint64_t tag);
  int WaitMilliseconds() const;
  void OnEvent(std::uint64_t tag);
  void ReadStream(RunId id, bool is_out);
  // At most `most` messages; the socket stays readable for the rest.
  void Receive(int most);
  void OnPacket(Packet& packet);
  void OnStarted(Packet& packet);
  void OnTimedOut(RunId id);
  void OnDone(const DoneMessage& message);
  void OnReleased(RunId id);
  void OnStats(StatsMessage message);

  void SendRun(RunId id, ClientRun& run);
  void SendCancel(RunId id, ClientRun& run, CancelCause cause);
  void DrainAll(ClientRun& run);
  void WatchStream(RunId id, int fd, bool is_out);
  void CloseStream(CappedStream& stream);
  // Takes the run out and closes its streams; empty when there is none.
  std::optional<ClientRun> TakeOut(RunId id);
  void EndHere(RunId id, Ending ending);
  void EndAll(Ending ending, bool only_sent);
  void Disconnect();
  void ExpireUnsent();
  void WatchChannel();
  void FinishEverything();

  EventFd wake_up_;
  std::atomic<RunId> last_id_{0};

  mutable std::mutex mutex_;
  std::vector<Order> inbox_;           // under mutex_
  bool stopping_{};                    // under mutex_
  bool woken_{};                       // under mutex_
  int ahead_{-1};                      // under mutex_; the channel's, or none
  std::optional<StatsMessage> stats_;  // under mutex_

  // The rest belongs to the thread.
  UniqueFd epoll_;
  Channel channel_;
  MessageRules rules_{Direction::kLauncherToWeb};
  bool stats_asked_{};  // and not answered
  bool watching_write_{};
  std::unordered_map<RunId, ClientRun> runs_;
  std::unordered_map<RunId, std::function<void()>> stuck_;
  std::vector<char> buffer_;
  StatsMessage of_dead_launchers_{};  // their last: counters go on from it
  std::thread thread_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_CLIENT_LAUNCHER_CLIENT_LOOP_HPP_
