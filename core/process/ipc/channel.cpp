#include "core/process/ipc/channel.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

namespace command_exporter {
namespace {

// Room for the descriptors of one message, aligned for a cmsghdr.
struct ControlBuffer {
  alignas(cmsghdr)
      std::array<std::byte, CMSG_SPACE(sizeof(int) * kMaxMessageFds)> bytes{};
};

// No room now, or not enough memory now: both pass.
bool IsTransient(int error) {
  return error == EAGAIN || error == ENOBUFS || error == ENOMEM ||
         error == ETOOMANYREFS;
}

std::vector<UniqueFd> TakeDescriptors(msghdr& header) {
  std::vector<UniqueFd> fds;
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr;
       part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) {
      continue;
    }
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(part) + i * sizeof fd, sizeof fd);
      fds.emplace_back(fd);
    }
  }
  return fds;
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
  iovec part{bytes.data(), bytes.size()};
  ControlBuffer control;
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  const std::size_t count = std::min(message.fds.size(), kMaxMessageFds);
  if (count > 0) {
    header.msg_control = control.bytes.data();
    header.msg_controllen = CMSG_SPACE(sizeof(int) * count);
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int) * count);
    for (std::size_t i = 0; i < count; ++i) {
      const int fd = message.fds[i].get();
      std::memcpy(CMSG_DATA(rights) + i * sizeof fd, &fd, sizeof fd);
    }
  }
  while (::sendmsg(socket_.get(), &header, MSG_NOSIGNAL) < 0) {
    if (IsTransient(errno)) {
      return false;
    }
    if (errno == EINTR || errno == ECONNRESET) {
      continue;  // the reset is told once; then it is EPIPE
    }
    // A closed peer is not `broken_`: what it sent before is still to be read,
    // and after it the end.
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
  iovec part{packet.bytes.data(), packet.bytes.size()};
  ControlBuffer control;
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.bytes.data();
  header.msg_controllen = control.bytes.size();
  ssize_t size = -1;
  do {
    size = ::recvmsg(socket_.get(), &header, MSG_CMSG_CLOEXEC);
    // A peer that closed with our words unread is told once, before what it
    // had sent itself.
  } while (size < 0 && (errno == EINTR || errno == ECONNRESET));
  if (size < 0 && errno == EAGAIN) {
    return ReceiveState::kEmpty;
  }
  if (size < 0) {
    return ReceiveState::kClosed;
  }
  // Also of an empty datagram, which looks like the end: they are ours now.
  packet.fds = TakeDescriptors(header);
  if (size == 0) {
    packet.fds.clear();
    return ReceiveState::kClosed;
  }
  packet.size = static_cast<std::size_t>(size);
  if ((static_cast<unsigned>(header.msg_flags) & MSG_CTRUNC) != 0) {
    // No free descriptor (EMFILE): the message arrives without any, and its
    // reader fails that one run instead of all.
    packet.fds.clear();
  }
  if ((static_cast<unsigned>(header.msg_flags) & MSG_TRUNC) != 0 ||
      packet.size < sizeof(MessageKind)) {
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
