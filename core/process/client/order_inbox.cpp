#include "core/process/client/order_inbox.hpp"

#include <sys/socket.h>

#include <utility>

namespace command_exporter {

void OrderInbox::Post(Order order) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    // The order may be a new socket; later messages must not go to the old one.
    ahead_ = -1;
    orders_.push_back(std::move(order));
    wake = !std::exchange(woken_, true);
  }
  if (wake) {
    event_.Raise();
  }
}

// One lock for sending and queueing: the client's thread must find the run in
// the inbox before it handles the launcher's answer.
void OrderInbox::Start(StartOrder order) {
  {
    const std::lock_guard lock(mutex_);
    if (SendAhead(order)) {
      order.run.sent = true;
      orders_.emplace_back(std::move(order));
      return;
    }
  }
  Post(std::move(order));
}

// Clears the socket first, because only the first run of a burst is sent ahead.
bool OrderInbox::SendAhead(const StartOrder& order) {
  const int socket = std::exchange(ahead_, -1);
  if (socket < 0) {
    return false;
  }
  const RunMessage message = MessageOf(order.id, order.run.request);
  return ::send(socket, &message, sizeof message,
                MSG_DONTWAIT | MSG_NOSIGNAL) ==
         static_cast<ssize_t>(sizeof message);
}

void OrderInbox::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  event_.Raise();
}

// Take and LetOthersSend use one lock, so that no order is missed between the
// check for an empty inbox and the sleep.
std::optional<std::vector<Order>> OrderInbox::Take() {
  const std::lock_guard lock(mutex_);
  ahead_ = -1;
  if (stopping_) {
    return std::nullopt;
  }
  woken_ = false;
  return std::exchange(orders_, {});
}

std::vector<Order> OrderInbox::TakeRest() {
  const std::lock_guard lock(mutex_);
  return std::exchange(orders_, {});
}

bool OrderInbox::LetOthersSend(int socket) {
  const std::lock_guard lock(mutex_);
  const bool quiet = orders_.empty() && !stopping_;
  ahead_ = quiet ? socket : -1;
  return quiet;
}

}  // namespace command_exporter
