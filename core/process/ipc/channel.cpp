#include "core/process/ipc/channel.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <system_error>

#include "core/base/fd_message.hpp"

namespace command_exporter {
namespace {

// No room or not enough memory now: both are temporary.
bool IsTransient(int error) {
  return error == EAGAIN || error == ENOBUFS || error == ENOMEM ||
         error == ETOOMANYREFS;
}

}  // namespace

Channel::Channel(UniqueFd socket, std::size_t most_queued)
    : socket_(std::move(socket)),
      most_queued_(most_queued) {
  if (!socket_) {
    return;
  }
  const int flags = ::fcntl(socket_.get(), F_GETFL);
  if (flags < 0 || ::fcntl(socket_.get(), F_SETFL, flags | O_NONBLOCK) < 0) {
    broken_ = true;
  }
}

// The queue must be empty for a direct send, or messages would change their
// order.
void Channel::SendBytes(std::string_view bytes, std::vector<UniqueFd> fds) {
  if (!socket_ || broken_) {
    return;
  }
  Queued message{std::string(bytes), std::move(fds)};
  if (queue_.empty() && TrySend(message)) {
    return;
  }
  if (queue_.size() >= most_queued_) {
    broken_ = true;
    queue_.clear();
    return;
  }
  queue_.push_back(std::move(message));
}

bool Channel::TrySend(const Queued& message) {
  // sendmsg(2) does not write through this pointer.
  std::string bytes = message.bytes;
  FdMessage<kMaxMessageFds> datagram(bytes.data(), bytes.size());
  std::array<int, kMaxMessageFds> fds{};
  const std::size_t count = std::min(message.fds.size(), fds.size());
  for (std::size_t i = 0; i < count; ++i) {
    fds[i] = message.fds[i].get();
  }
  while (datagram.Send(socket_.get(), std::span(fds).first(count), 0) < 0) {
    if (IsTransient(errno)) {
      return false;
    }
    if (errno == EINTR || errno == ECONNRESET) {
      continue;  // the reset is reported once; then it is EPIPE
    }
    // A closed peer is not `broken_`: its earlier messages are still to be
    // read, and after them the end.
    broken_ = errno != EPIPE;
    return true;
  }
  return true;
}

void Channel::Flush() {
  while (!queue_.empty() && TrySend(queue_.front())) {
    if (broken_) {
      queue_.clear();
      return;
    }
    queue_.pop_front();
  }
}

ReceiveState Channel::Receive(Packet& packet) {
  packet.size = 0;
  packet.fds.clear();
  if (!socket_ || broken_) {
    return ReceiveState::kClosed;
  }
  FdMessage<kMaxMessageFds> datagram(packet.bytes.data(), packet.bytes.size());
  ssize_t size = -1;
  do {
    size = datagram.Receive(socket_.get(), packet.fds);
    // ECONNRESET: the peer closed without reading our messages. It is reported
    // once, before the peer's own messages.
  } while (size < 0 && (errno == EINTR || errno == ECONNRESET));
  if (size < 0 && errno == EAGAIN) {
    return ReceiveState::kEmpty;
  }
  if (size < 0) {
    return ReceiveState::kClosed;
  }
  if (size == 0) {  // an empty datagram looks like the end, too
    packet.fds.clear();
    return ReceiveState::kClosed;
  }
  packet.size = static_cast<std::size_t>(size);
  if (datagram.LacksDescriptors()) {
    // The message arrives without any, and its reader fails only that run.
    packet.fds.clear();
  }
  if (datagram.IsCut() || packet.size < sizeof(MessageKind)) {
    broken_ = true;
    packet.fds.clear();
    return ReceiveState::kClosed;
  }
  return ReceiveState::kPacket;
}

void Channel::Close() {
  queue_.clear();
  socket_.Reset();
}

Result<ChannelPair> MakeChannelPair() {
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
                   ends.data()) != 0) {
    return Error{"socketpair: " + std::system_category().message(errno)};
  }
  return ChannelPair{UniqueFd{ends[0]}, UniqueFd{ends[1]}};
}

}  // namespace command_exporter
