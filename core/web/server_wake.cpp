#include "core/web/server_wake.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "core/base/close_files.hpp"
#include "core/base/unique_fd.hpp"
#include "core/web/server_ports.hpp"

namespace command_exporter {
namespace {

// The port of this end, when `fd` is a TCP connection and no listener.
std::optional<std::uint16_t> ConnectionPort(int fd) {
  int listens = 1;
  socklen_t size = sizeof listens;
  if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 ||
      listens != 0) {
    return std::nullopt;
  }
  sockaddr_storage name{};
  size = sizeof name;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size) != 0) {
    return std::nullopt;
  }
  if (name.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &name, sizeof v4);
    return ntohs(v4.sin_port);
  }
  if (name.ss_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &name, sizeof v6);
    return ntohs(v6.sin6_port);
  }
  return std::nullopt;
}

}  // namespace

void Knock(const ListenAddress& address, std::uint16_t port) {
  ListenAddress target = address;
  target.port = port;
  if (MeansEveryAddress(address) || address.host == "0.0.0.0") {
    target.host = "127.0.0.1";  // every address includes it
    target.ipv6 = false;
  }
  const SocketName name = SocketNameOf(target, target.ipv6);
  // Non-blocking: the listener's queue may be full, and then it is awake
  // anyway.
  const UniqueFd fd(socket(name.bytes.ss_family,
                           SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (fd) {
    static_cast<void>(connect(
        fd.get(), reinterpret_cast<const sockaddr*>(&name.bytes), name.size));
  }
}

void ShutDownConnections(const std::vector<std::uint16_t>& ports) {
  for (const int fd : OpenFds().value_or(std::vector<int>{})) {
    const std::optional<std::uint16_t> port = ConnectionPort(fd);
    if (port && std::ranges::find(ports, *port) != ports.end()) {
      shutdown(fd, SHUT_RDWR);
    }
  }
}

}  // namespace command_exporter
