// LauncherClient: the CommandRunner of the web side, a thread with one epoll
// loop over the launcher's socket and the pipes of all runs.
//
// Other threads put orders into an inbox (order_inbox.hpp) and read the last
// figures; everything else belongs to the thread. The client caps the output of
// each stream and cancels a run that prints more. A bounded number of runs is
// sent and not yet started; the others wait here (send_queue.hpp), so that a
// launcher that is only busy is not taken for a dead one. When the launcher is
// lost, the runs that it knew end with kLauncherLost; the other runs wait for
// the next launcher until their deadlines. All callbacks come from the thread,
// `done` once for each run.
//
// Thread safety: the public functions may be called from any thread.
// Invariant: a destroyed client has called every `done`.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_CLIENT_LAUNCHER_CLIENT_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_CLIENT_LAUNCHER_CLIENT_HPP_

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/base/unique_fd.hpp"
#include "core/process/client/client_runs.hpp"
#include "core/process/client/order_inbox.hpp"
#include "core/process/client/send_queue.hpp"
#include "core/process/command/command_runner.hpp"
#include "core/process/ipc/channel.hpp"
#include "core/process/ipc/message_rules.hpp"
#include "core/process/ipc/messages.hpp"

namespace command_exporter {

class LauncherClient final : public CommandRunner {
 public:
  // Without a socket, the client waits for Connect.
  explicit LauncherClient(UniqueFd socket);
  ~LauncherClient() override;
  LauncherClient(const LauncherClient&) = delete;
  LauncherClient& operator=(const LauncherClient&) = delete;

  RunId Start(const CommandRequest& request, RunCallbacks callbacks) override;
  void Cancel(RunId run) override;
  void Extend(RunId run, Deadline deadline) override;

  // Connects to a new launcher, which the guardian has started.
  void Connect(UniqueFd socket);

  // Requests the launcher's figures; the answer appears in stats() soon after.
  void RequestStats();
  // The last figures received; none before the first answer. orphans_killed
  // counts over all launchers of this client's life.
  std::optional<StatsMessage> stats() const;

 private:
  void Run();
  // False when the thread must end.
  bool TakeOrders();
  void Obey(StartOrder order);
  void Obey(CancelOrder order);
  void Obey(ExtendOrder order);
  void Obey(ConnectOrder order);
  void Obey(StatsOrder order);

  void Watch(int operation, int fd, std::uint32_t events, std::uint64_t tag);
  void WatchChannel();
  void OnEvent(std::uint64_t tag);
  // At most `most` messages; the socket stays readable for the rest.
  void Receive(int most);
  void OnPacket(Packet& packet);
  void OnStarted(Packet& packet);
  void OnStats(StatsMessage message);
  void OnDone(const DoneMessage& message);
  // Ends what is too late, and sends as much as the window takes.
  void SendWaiting();
  void SendExtended();
  void SendCancel(RunId id, ClientRun& run, CancelCause cause);
  void Disconnect();
  void FinishEverything();

  OrderInbox inbox_;
  std::atomic<RunId> last_id_{0};
  mutable std::mutex stats_mutex_;
  std::optional<StatsMessage> stats_;  // under stats_mutex_

  // The rest belongs to the thread.
  UniqueFd epoll_;
  Channel channel_;
  MessageRules rules_{Direction::kLauncherToWeb};
  bool stats_asked_{};  // and not yet answered
  bool watching_write_{};
  ClientRuns runs_;
  SendQueue queue_;
  std::vector<RunId> extended_;       // runs to tell the launcher of
  StatsMessage of_dead_launchers_{};  // the base of the counters
  std::thread thread_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_CLIENT_LAUNCHER_CLIENT_HPP_
