// Listen addresses in Go's spelling, which every exporter of the ecosystem
// accepts: ":9101", "127.0.0.1:9101", "[::1]:9101", "localhost:9101".
//
// As in Go, an empty host and "[::]" mean every address, IPv6 and IPv4;
// "0.0.0.0" means IPv4 only. A name means its first IPv4 address, else its
// first address.
//
// Thread safety: pure functions; parsing a host name asks the resolver.
#ifndef COMMAND_EXPORTER_CORE_WEB_LISTEN_ADDRESS_HPP_
#define COMMAND_EXPORTER_CORE_WEB_LISTEN_ADDRESS_HPP_

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace command_exporter {

struct ListenAddress {
  std::string text{};  // as the administrator wrote it
  std::string host{};  // numeric, without brackets; empty: every address
  bool ipv6{};         // of `host`
  std::uint16_t port{};
};

// Errors: what is wrong with the text, with a correct example.
Result<ListenAddress> ParseListenAddress(std::string_view text);

// "127.0.0.1:9101", "[::1]:9101".
std::string JoinHostPort(std::string_view host, bool ipv6, std::uint16_t port);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_LISTEN_ADDRESS_HPP_
