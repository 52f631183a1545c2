// Listen addresses for CivetWeb, and what to tell when one cannot be had.
//
// Thread safety: pure but for the sockets that Diagnose opens and closes.
#ifndef COMMAND_EXPORTER_CORE_WEB_SERVER_PORTS_HPP_
#define COMMAND_EXPORTER_CORE_WEB_SERVER_PORTS_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/web/listen_address.hpp"

namespace command_exporter {

// True when `address` means IPv6 and IPv4 together: no host, or "[::]".
bool MeansEveryAddress(const ListenAddress& address);

// True when both the library and the kernel can do IPv6.
bool HasIpv6();

// The value of the option listening_ports. Errors: an IPv6 address where there
// is no IPv6.
Result<std::string> ListeningPorts(const std::vector<ListenAddress>& addresses);

// "[::]:9101" for ":9101".
std::string BoundAddress(const ListenAddress& address, std::uint16_t port);

// Called after a start that failed: binds one address after the other to find
// the culprit. `said` is what the library has logged, the answer when each
// address can be had now.
Error Diagnose(const std::vector<ListenAddress>& addresses,
               const std::string& said);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_SERVER_PORTS_HPP_
