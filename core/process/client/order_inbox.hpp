// OrderInbox: the requests of other threads to the client's thread.
//
// Other threads put orders into the inbox, behind one mutex, and wake the
// client's thread. There is one exception: while no run is live, the calling
// thread itself sends the message of the first run. The launcher's answer wakes
// the client's thread, which finds the run in its inbox; a single command thus
// saves one wake-up (20 to 35 us). Further runs of a burst are not sent so: one
// by one, they would make the launcher and the client compete for the
// processors.
//
// Thread safety: Post, Start and Stop from any thread; the rest from the
// client's thread. Invariant: the order of a run that was sent ahead is in the
// inbox before the client's thread can handle the launcher's answer.
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
  // As Post, or sends the run ahead.
  void Start(StartOrder order);
  // After this, Take returns no orders.
  void Stop();

  // All orders since the last call; none when the thread must end. Until the
  // next LetOthersSend, no thread sends ahead.
  std::optional<std::vector<Order>> Take();
  // The orders that came after Stop.
  std::vector<Order> TakeRest();
  // Allows other threads to send ahead on `socket`; -1: not allowed. False: an
  // order has arrived meanwhile, so the thread must not sleep.
  bool LetOthersSend(int socket);

  // Readable when an order has arrived; Wake clears it.
  int fd() const { return event_.fd(); }

  void Wake() { event_.Clear(); }

 private:
  // Under mutex_. True when the message was sent.
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
