#include "core/web/server_wake.hpp"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>

#include "core/base/unique_fd.hpp"

namespace command_exporter {
namespace {

// Non-blocking, because the listener's queue may be full; the listener is then
// awake anyway.
void Connect(int family, const sockaddr* name, socklen_t size) {
  const UniqueFd fd(
      socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (fd) {
    static_cast<void>(connect(fd.get(), name, size));
  }
}

// The port of this end, if `fd` is a TCP connection and not a listener.
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

std::vector<int> OpenFds() {
  std::vector<int> fds;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir("/proc/self/fd"),
                                                   &closedir);
  if (folder == nullptr) {
    return fds;
  }
  while (const dirent* entry = readdir(folder.get())) {
    const std::string_view name(&entry->d_name[0]);
    int fd = -1;
    const auto [stop, error] =
        std::from_chars(name.data(), name.data() + name.size(), fd);
    if (error == std::errc{}) {
      fds.push_back(fd);
    }
  }
  return fds;
}

}  // namespace

void Knock(const ListenAddress& address, std::uint16_t port) {
  // "Every address" includes loopback.
  if (address.ipv6 && address.host != "::") {
    sockaddr_in6 name{};
    name.sin6_family = AF_INET6;
    name.sin6_port = htons(port);
    inet_pton(AF_INET6, address.host.c_str(), &name.sin6_addr);
    Connect(AF_INET6, reinterpret_cast<const sockaddr*>(&name), sizeof name);
    return;
  }
  const bool loopback =
      address.ipv6 || address.host.empty() || address.host == "0.0.0.0";
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(port);
  inet_pton(AF_INET, loopback ? "127.0.0.1" : address.host.c_str(),
            &name.sin_addr);
  Connect(AF_INET, reinterpret_cast<const sockaddr*>(&name), sizeof name);
}

void ShutDownConnections(const std::vector<std::uint16_t>& ports) {
  for (const int fd : OpenFds()) {
    const std::optional<std::uint16_t> port = ConnectionPort(fd);
    if (port && std::ranges::find(ports, *port) != ports.end()) {
      shutdown(fd, SHUT_RDWR);
    }
  }
}

}  // namespace command_exporter
