// Listen addresses for CivetWeb, and the error when one cannot be bound.
//
// Thread safety: pure but for the sockets that Diagnose opens and closes.
#ifndef COMMAND_EXPORTER_CORE_WEB_SERVER_PORTS_HPP_
#define COMMAND_EXPORTER_CORE_WEB_SERVER_PORTS_HPP_

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/web/listen_address.hpp"

namespace command_exporter {

// True when `address` means IPv6 and IPv4 together: no host, or "[::]".
bool MeansEveryAddress(const ListenAddress& address);

// True when both the library and the kernel support IPv6.
bool HasIpv6();

// The address of a socket, as the calls of the kernel take it.
struct SocketName {
  sockaddr_storage bytes{};
  socklen_t size{};
};

SocketName SocketNameOf(const ListenAddress& address, bool ipv6);

// The value of the option listening_ports. Errors: an IPv6 address where there
// is no IPv6.
Result<std::string> ListeningPorts(const std::vector<ListenAddress>& addresses);

// "[::]:9101" for ":9101".
std::string BoundAddress(const ListenAddress& address, std::uint16_t port);

// Called after a failed start: binds the addresses one by one to find the one
// that fails. `said` is the library's message, used when every address can be
// bound now.
Error Diagnose(const std::vector<ListenAddress>& addresses,
               const std::string& said);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_SERVER_PORTS_HPP_
