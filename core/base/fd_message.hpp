// FdMessage: one datagram of a Unix socket with its descriptors.
//
// The control data of sendmsg(2) is easy to get wrong (alignment, lengths with
// and without padding, descriptors without an owner), so this class is the only
// place that builds it.
//
// cmsg(3), SCM_RIGHTS in unix(7)
//
// Thread safety: none; one thread owns an object. Invariant: received
// descriptors are owned and CLOEXEC; sent descriptors stay the caller's.
#ifndef COMMAND_EXPORTER_CORE_BASE_FD_MESSAGE_HPP_
#define COMMAND_EXPORTER_CORE_BASE_FD_MESSAGE_HPP_

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <span>
#include <vector>

#include "core/base/unique_fd.hpp"

namespace command_exporter {

// A message with at most `kMost` descriptors.
template <std::size_t kMost>
class FdMessage {
 public:
  // Sends or overwrites the `size` bytes at `bytes`, which must outlive this.
  FdMessage(void* bytes, std::size_t size) : part_{bytes, size} {
    header_.msg_iov = &part_;
    header_.msg_iovlen = 1;
  }

  FdMessage(const FdMessage&) = delete;
  FdMessage& operator=(const FdMessage&) = delete;

  // As sendmsg(2), once: -1 with errno set, or the bytes sent.
  ssize_t Send(int socket, std::span<const int> fds, int flags) {
    const std::size_t count = std::min(fds.size(), kMost);
    header_.msg_control = count > 0 ? control_.data() : nullptr;
    header_.msg_controllen = count > 0 ? CMSG_SPACE(sizeof(int) * count) : 0;
    if (count > 0) {
      cmsghdr* const rights = CMSG_FIRSTHDR(&header_);
      rights->cmsg_level = SOL_SOCKET;
      rights->cmsg_type = SCM_RIGHTS;
      rights->cmsg_len = CMSG_LEN(sizeof(int) * count);
      std::memcpy(CMSG_DATA(rights), fds.data(), sizeof(int) * count);
    }
    return ::sendmsg(socket, &header_, flags | MSG_NOSIGNAL);
  }

  // As recvmsg(2), once: -1 with errno set, or the size of the datagram, cut to
  // the size of the buffer. Overwrites `fds`.
  ssize_t Receive(int socket, std::vector<UniqueFd>& fds) {
    fds.clear();
    header_.msg_control = control_.data();
    header_.msg_controllen = control_.size();
    const ssize_t size = ::recvmsg(socket, &header_, MSG_CMSG_CLOEXEC);
    // Take ownership before the allocation below, which may fail.
    std::array<UniqueFd, kRoom> arrived;
    std::size_t count = 0;
    for (cmsghdr* part = size < 0 ? nullptr : CMSG_FIRSTHDR(&header_);
         part != nullptr; part = CMSG_NXTHDR(&header_, part)) {
      if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_RIGHTS) {
        count += Adopt(*part, std::span(arrived).subspan(count));
      }
    }
    fds.insert(fds.end(), std::make_move_iterator(arrived.begin()),
               std::make_move_iterator(arrived.begin() + count));
    return size;
  }

  // The received datagram was longer than the buffer.
  bool IsCut() const { return HasFlag(MSG_TRUNC); }

  // Some descriptors were lost: no free number (EMFILE), or no room.
  bool LacksDescriptors() const { return HasFlag(MSG_CTRUNC); }

 private:
  static constexpr std::size_t kBytes = CMSG_SPACE(sizeof(int) * kMost);
  // Padding leaves room for more descriptors than requested.
  static constexpr std::size_t kRoom = (kBytes - CMSG_LEN(0)) / sizeof(int);

  // Returns the number of descriptors.
  static std::size_t Adopt(cmsghdr& part, std::span<UniqueFd> into) {
    const std::size_t count = (part.cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(&part) + i * sizeof fd, sizeof fd);
      into[i].Reset(fd);
    }
    return count;
  }

  bool HasFlag(int flag) const { return (header_.msg_flags & flag) != 0; }

  iovec part_;
  alignas(cmsghdr) std::array<std::byte, kBytes> control_{};
  msghdr header_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_FD_MESSAGE_HPP_
