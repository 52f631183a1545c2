// A raw client for the server's tests: it sends and receives bytes.
//
// Thread safety: one thread for each Client.
#ifndef COMMAND_EXPORTER_TESTS_CORE_WEB_CLIENT_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_WEB_CLIENT_HPP_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/unique_fd.hpp"

namespace command_exporter {

// The port of "127.0.0.1:9101" or "[::1]:9101".
inline std::uint16_t PortOf(const std::string& address) {
  std::uint16_t port = 0;
  const char* const end = address.data() + address.size();
  std::from_chars(address.data() + address.rfind(':') + 1, end, port);
  return port;
}

class Client {
 public:
  explicit Client(std::uint16_t port, bool ipv6 = false)
      : fd_(socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    v6.sin6_addr = in6addr_loopback;
    connected_ =
        ipv6 ? connect(fd_.get(), reinterpret_cast<const sockaddr*>(&v6),
                       sizeof v6) == 0
             : connect(fd_.get(), reinterpret_cast<const sockaddr*>(&v4),
                       sizeof v4) == 0;
  }

  bool connected() const { return connected_; }

  int fd() const { return fd_.get(); }

  void Send(std::string_view bytes) const {
    send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  // Receives until the server closes or nothing has come for `quiet_ms`.
  std::string Receive(int quiet_ms = 10000) const {
    std::string all;
    std::array<char, 65536> buffer{};
    while (true) {
      pollfd ready{fd_.get(), POLLIN, 0};
      if (poll(&ready, 1, quiet_ms) <= 0) {
        return all + "[still open]";
      }
      const ssize_t size = recv(fd_.get(), buffer.data(), buffer.size(), 0);
      if (size <= 0) {
        return all;
      }
      all.append(buffer.data(), static_cast<std::size_t>(size));
    }
  }

 private:
  UniqueFd fd_;
  bool connected_{};
};

inline std::string Exchange(std::uint16_t port, std::string_view bytes) {
  const Client client(port);
  client.Send(bytes);
  return client.Receive();
}

inline std::size_t Count(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_WEB_CLIENT_HPP_
