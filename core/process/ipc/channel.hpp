// Channel: one end of a SEQPACKET pair that never blocks and never loses order.
//
// A message that cannot be sent at once is queued (with its descriptors) and
// sent when the caller sees the socket writable. The queue is bounded; a peer
// that lets it fill is treated as lost. One datagram has at most kMaxMessage
// bytes.
//
//   channel.Send(BareMessage{MessageKind::kPing});   // never waits
//   Packet packet;
//   while (channel.Receive(packet) == ReceiveState::kPacket) {
//     Handle(packet.kind(), packet.fds);
//   }  // kEmpty: wait for EPOLLIN, and for EPOLLOUT if channel.WantsWrite()
//
// Thread safety: none; one thread owns an end. Invariant: received descriptors
// are CLOEXEC and owned; the queue owns descriptors given to Send until they
// are sent.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_IPC_CHANNEL_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_IPC_CHANNEL_HPP_

#include <array>
#include <cstddef>
#include <cstring>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/ipc/messages.hpp"

namespace command_exporter {

inline constexpr std::size_t kMaxMessage = 512;
inline constexpr std::size_t kMaxMessageFds = 2;
// Far above what the runs of one exporter can have in transit, because the web
// side bounds the runs that are sent and not yet started (SendQueue); a peer
// that lets so many messages accumulate will not recover.
inline constexpr std::size_t kMostQueued = 16384;
// The guardian sends few messages, and each may hold a configuration.
inline constexpr std::size_t kMostQueuedByGuardian = 64;

struct Packet {
  std::array<std::byte, kMaxMessage> bytes{};
  std::size_t size{};
  std::vector<UniqueFd> fds{};

  // Requires: size >= sizeof(MessageKind); Receive guarantees it.
  MessageKind kind() const {
    MessageKind kind{};
    std::memcpy(&kind, bytes.data(), sizeof kind);
    return kind;
  }

  // Null when the size is not that of T.
  template <typename T>
  std::optional<T> As() const {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= kMaxMessage);
    if (size != sizeof(T)) {
      return std::nullopt;
    }
    T message;
    std::memcpy(&message, bytes.data(), sizeof message);
    return message;
  }
};

enum class ReceiveState { kPacket, kEmpty, kClosed };

class Channel {
 public:
  Channel() = default;
  // Makes the socket non-blocking. With more than `most_queued` waiting
  // messages, the peer is treated as lost.
  explicit Channel(UniqueFd socket, std::size_t most_queued = kMostQueued);

  int fd() const { return socket_.get(); }

  explicit operator bool() const { return static_cast<bool>(socket_); }

  template <typename T>
  void Send(const T& message, std::vector<UniqueFd> fds = {}) {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= kMaxMessage);
    SendBytes(std::string_view(reinterpret_cast<const char*>(&message),
                               sizeof message),
              std::move(fds));
  }

  // kClosed: the peer is gone, broke the protocol or let the queue fill.
  ReceiveState Receive(Packet& packet);

  bool WantsWrite() const { return !queue_.empty(); }

  // The peer let the queue fill or broke the protocol: Receive returns kClosed,
  // even if nothing arrives that would wake the owner.
  bool IsBroken() const { return broken_; }

  // Sends queued messages until the socket is full.
  void Flush();
  void Close();

 private:
  struct Queued {
    std::string bytes{};
    std::vector<UniqueFd> fds{};
  };

  void SendBytes(std::string_view bytes, std::vector<UniqueFd> fds);
  // False: the socket is full.
  bool TrySend(const Queued& message);

  UniqueFd socket_;
  std::deque<Queued> queue_;
  std::size_t most_queued_{kMostQueued};
  bool broken_{};
};

struct ChannelPair {
  UniqueFd first;
  UniqueFd second;
};

Result<ChannelPair> MakeChannelPair();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_IPC_CHANNEL_HPP_
