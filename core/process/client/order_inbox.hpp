// OrderInbox: what other threads ask of the client's thread.
//
// Orders are left in the box, behind one mutex, and wake the thread. One thing
// the others do themselves: while no run is under way, the
// message of the first one goes out from the calling thread. The launcher's
// answer wakes the client's thread, which finds the run in its box; so one
// command alone needs one waking less (20 to 35 us). Not so the others of a
// burst: sent one by one they would make the launcher and the client run
// against each other.
//
// Thread safety: Post, Start and Stop from any thread; the rest from the
// client's. Invariant: a run that was sent ahead is in the box before
// Take returns while its answer is on the way.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_CLIENT_ORDER_INBOX_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_CLIENT_ORDER_INBOX_HPP_

#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/event_fd.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/client/client_run.hpp"
#include "core/process/command/command_runner.hpp"

namespace command_exporter {

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

class OrderInbox {
 public:
  void Post(Order order);
  // As Post, or the run is sent ahead.
  void Start(StartOrder order);
  // Take gives none any more.
  void Stop();

  // All that came since the last time; none when the thread is to end. From
  // here on, nobody sends ahead.
  std::optional<std::vector<Order>> Take();
  // Those that came after the end.
  std::vector<Order> TakeRest();
  // Others may send ahead on `socket`; -1: nobody may. False: something has
  // come meanwhile, so do not sleep.
  bool LetOthersSend(int socket);

  // Readable when something has come; cleared by Wake.
  int fd() const { return event_.fd(); }

  void Wake() { event_.Clear(); }

 private:
  // Under mutex_. True when the message has gone out.
  bool SendAhead(const StartOrder& order);

  EventFd event_;
  std::mutex mutex_;
  std::vector<Order> orders_;  // under mutex_
  bool stopping_{};            // under mutex_
  bool woken_{};               // under mutex_
  int ahead_{-1};              // under mutex_; the channel's socket, or none
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_CLIENT_ORDER_INBOX_HPP_
