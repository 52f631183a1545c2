#include "core/web/server_ports.hpp"

#include <arpa/inet.h>
#include <civetweb.h>
#include <netinet/in.h>

#include <cerrno>
#include <cstring>
#include <span>
#include <utility>

#include "core/base/unique_fd.hpp"

namespace command_exporter {
namespace {

std::string Hint(int error, const ListenAddress& address) {
  const std::string port = std::to_string(address.port);
  switch (error) {
    case EADDRINUSE:
      return "Another program listens there: \"ss -ltnp 'sport = :" + port +
             "'\" shows which (9101, the default, also belongs to HAProxy's "
             "exporter and to the Bacula Director). Stop it, or choose another "
             "port with --web.listen-address, for example "
             "--web.listen-address=:9201";
    case EACCES:
      return "Ports below 1024 need the capability CAP_NET_BIND_SERVICE, which "
             "the web side does not keep: choose a higher port with "
             "--web.listen-address";
    case EADDRNOTAVAIL:
      return "No interface of this machine has that address (\"ip address\" "
             "shows them): correct --web.listen-address";
    default:
      return "Choose another address with --web.listen-address";
  }
}

Error CannotListen(const ListenAddress& address, int error) {
  return Error{"cannot listen on " + address.text + ": " +
               std::strerror(error) + ". " + Hint(error, address)};
}

// True when a listener on `a` leaves no part of its port to `b`.
bool Covers(const ListenAddress& a, const ListenAddress& b) {
  return MeansEveryAddress(a) || (a.host == "0.0.0.0" && !b.ipv6) ||
         (a.host == b.host && a.ipv6 == b.ipv6);
}

// The earlier address that makes `address` impossible; null: none.
const ListenAddress* Rival(std::span<const ListenAddress> earlier,
                           const ListenAddress& address) {
  for (const ListenAddress& other : earlier) {
    if (other.port == address.port &&
        (Covers(other, address) || Covers(address, other))) {
      return &other;
    }
  }
  return nullptr;
}

bool KernelHasIpv6() {
  return static_cast<bool>(
      UniqueFd(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0)));
}

// The errno of the first call that fails, else 0; the listener is kept in
// `kept`, so that a later address that collides with it is found.
int Try(const ListenAddress& address, bool ipv6, std::vector<UniqueFd>& kept) {
  const SocketName name = SocketNameOf(address, ipv6);
  UniqueFd fd(socket(name.bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto set = [&fd](int level, int option, int value) {
    return setsockopt(fd.get(), level, option, &value, sizeof value) == 0;
  };
  const int only = MeansEveryAddress(address) ? 0 : 1;
  if (!fd || !set(SOL_SOCKET, SO_REUSEADDR, 1) ||
      (ipv6 && !set(IPPROTO_IPV6, IPV6_V6ONLY, only)) ||
      bind(fd.get(), reinterpret_cast<const sockaddr*>(&name.bytes),
           name.size) != 0 ||
      listen(fd.get(), 1) != 0) {
    return errno;
  }
  kept.push_back(std::move(fd));
  return 0;
}

}  // namespace

bool MeansEveryAddress(const ListenAddress& address) {
  return address.host.empty() || (address.ipv6 && address.host == "::");
}

bool HasIpv6() {
  static const bool has =
      mg_check_feature(MG_FEATURES_IPV6) != 0 && KernelHasIpv6();
  return has;
}

SocketName SocketNameOf(const ListenAddress& address, bool ipv6) {
  SocketName name;
  if (ipv6) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(address.port);
    if (!address.host.empty()) {
      inet_pton(AF_INET6, address.host.c_str(), &v6.sin6_addr);
    }
    name.size = sizeof v6;
    std::memcpy(&name.bytes, &v6, sizeof v6);
    return name;
  }
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(address.port);
  if (!address.host.empty() && !address.ipv6) {
    inet_pton(AF_INET, address.host.c_str(), &v4.sin_addr);
  }
  name.size = sizeof v4;
  std::memcpy(&name.bytes, &v4, sizeof v4);
  return name;
}

Result<std::string> ListeningPorts(
    const std::vector<ListenAddress>& addresses) {
  std::string ports;
  for (const ListenAddress& address : addresses) {
    if (address.ipv6 && !HasIpv6()) {
      const bool library = mg_check_feature(MG_FEATURES_IPV6) != 0;
      return Error{
          "cannot listen on " + address.text + ": " +
          (library ? "this kernel has no IPv6. Use an IPv4 address"
                   : "the CivetWeb library of this build has no IPv6. Use an "
                     "IPv4 address, or build with CIVETWEB_SOURCE_DIR, as "
                     "packaging/run.sh does")};
    }
    ports += ports.empty() ? "" : ",";
    if (MeansEveryAddress(address)) {
      ports += (HasIpv6() ? "+" : "") + std::to_string(address.port);
    } else {
      ports += JoinHostPort(address.host, address.ipv6, address.port);
    }
  }
  return ports;
}

std::string BoundAddress(const ListenAddress& address, std::uint16_t port) {
  if (MeansEveryAddress(address)) {
    return HasIpv6() ? JoinHostPort("::", true, port)
                     : JoinHostPort("0.0.0.0", false, port);
  }
  return JoinHostPort(address.host, address.ipv6, port);
}

Error Diagnose(const std::vector<ListenAddress>& addresses,
               const std::string& said) {
  std::vector<UniqueFd> kept;
  for (const ListenAddress& address : addresses) {
    const bool ipv6 = MeansEveryAddress(address) ? HasIpv6() : address.ipv6;
    const int error = Try(address, ipv6, kept);
    if (error == EADDRINUSE) {
      if (const ListenAddress* rival =
              Rival(std::span(addresses).first(kept.size()), address)) {
        return Error{"cannot listen on " + address.text +
                     ": --web.listen-address=" + rival->text +
                     " has that port already. Leave one of the two away"};
      }
    }
    if (error != 0) {
      return CannotListen(address, error);
    }
  }
  return Error{"the web server cannot start: " + said};
}

}  // namespace command_exporter
