#include "tests/core/process/mutator.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <utility>

namespace command_exporter {
namespace {

constexpr std::size_t kMostFds = 4;

}  // namespace

Mutator::Mutator(std::uint32_t seed) : random_(seed) {
  std::array<int, 2> pipe{-1, -1};
  std::array<int, 2> stream{-1, -1};
  if (::pipe2(pipe.data(), O_CLOEXEC) == 0 &&
      ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, stream.data()) ==
          0) {
    for (const int fd : {pipe[0], pipe[1], stream[0], stream[1]}) {
      strangers_.emplace_back(fd);
    }
  }
  strangers_.emplace_back(::open("/dev/zero", O_RDWR | O_CLOEXEC));
  strangers_.emplace_back(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  strangers_.emplace_back(
      ::memfd_create("unsealed", MFD_CLOEXEC | MFD_ALLOW_SEALING));
}

std::uint32_t Mutator::Below(std::uint32_t bound) {
  return std::uniform_int_distribution<std::uint32_t>(0, bound - 1)(random_);
}

void Mutator::Speak(int socket, std::vector<Spoken> script,
                    std::uint32_t one_in) {
  for (std::size_t i = 0; i < script.size(); ++i) {
    if (Below(one_in) != 0) {
      SendRaw(socket, script[i]);
      continue;
    }
    switch (Below(5)) {
      case 0:  // omitted
        break;
      case 1:
        SendRaw(socket, script[i]);
        SendRaw(socket, script[i]);
        break;
      case 2: {  // sent later
        const auto other =
            i + Below(static_cast<std::uint32_t>(script.size() - i));
        std::swap(script[i], script[other]);
        SendRaw(socket, script[i]);
        break;
      }
      default:
        Spoil(script[i]);
        SendRaw(socket, script[i]);
        break;
    }
  }
}

void Mutator::Spoil(Spoken& message) {
  std::string& bytes = message.bytes;
  const auto size = static_cast<std::uint32_t>(bytes.size());
  switch (Below(6)) {
    case 0:
      bytes[Below(size)] = static_cast<char>(Below(256));
      break;
    case 1:
      bytes.resize(Below(size + 1));
      break;
    case 2:
      bytes.resize(size + 1 + Below(400), 'x');
      break;
    case 3: {
      const std::uint32_t kind = Below(25);
      std::memcpy(bytes.data(), &kind,
                  std::min<std::size_t>(sizeof kind, size));
      break;
    }
    case 4:
      SpoilNumber(bytes);
      break;
    default:
      SpoilDescriptors(message.fds);
      break;
  }
}

void Mutator::SpoilNumber(std::string& bytes) {
  constexpr std::array<std::int64_t, 8> kBounds{
      0,
      1,
      -1,
      std::numeric_limits<std::int64_t>::max(),
      std::numeric_limits<std::int64_t>::min(),
      std::numeric_limits<std::int64_t>::max() - 1,
      std::int64_t{1} << 53U,
      std::int64_t{1} << 31U};
  const std::int64_t value = kBounds.at(Below(kBounds.size()));
  const auto fields = static_cast<std::uint32_t>(bytes.size() / 4);
  if (fields < 3) {
    return;
  }
  // Never the kind; some fields have four bytes, some eight.
  const std::size_t at = 4U * (1 + Below(fields - 1));
  std::memcpy(bytes.data() + at, &value,
              std::min(sizeof value, bytes.size() - at));
}

void Mutator::SpoilDescriptors(std::vector<int>& fds) {
  const auto stranger = [this] {
    return strangers_[Below(static_cast<std::uint32_t>(strangers_.size()))]
        .get();
  };
  switch (Below(3)) {
    case 0:
      fds.clear();
      break;
    case 1:
      fds.assign(1 + Below(kMostFds), stranger());
      break;
    default:
      if (fds.empty()) {
        fds.push_back(stranger());
      } else {
        fds[Below(static_cast<std::uint32_t>(fds.size()))] = stranger();
      }
      break;
  }
}

bool SendRaw(int socket, const Spoken& message) {
  std::string bytes = message.bytes;
  iovec part{bytes.data(), bytes.size()};
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int) * kMostFds)>
      control{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  const std::size_t count = std::min(message.fds.size(), kMostFds);
  if (count > 0) {
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(sizeof(int) * count);
    cmsghdr* const rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int) * count);
    std::memcpy(CMSG_DATA(rights), message.fds.data(), sizeof(int) * count);
  }
  for (int tries = 0; tries < 2; ++tries) {
    if (::sendmsg(socket, &header, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) {
      return true;
    }
    if (errno != EAGAIN) {
      return false;
    }
    pollfd room{socket, POLLOUT, 0};
    ::poll(&room, 1, 1000);
  }
  return false;
}

std::uint32_t Rounds(std::uint32_t usual) {
  const char* const more = std::getenv("COMMAND_EXPORTER_MUTATIONS");
  const long times = more == nullptr ? 1 : std::strtol(more, nullptr, 10);
  return usual * static_cast<std::uint32_t>(std::clamp(times, 1L, 100000L));
}

}  // namespace command_exporter
