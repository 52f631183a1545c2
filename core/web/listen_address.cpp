#include "core/web/listen_address.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <optional>

#include "core/base/number.hpp"

namespace command_exporter {
namespace {

struct HostPort {
  std::string_view host{};
  std::string_view port{};
  bool bracketed{};
};

Error Bad(std::string_view text, std::string_view why) {
  return Error{"\"" + std::string(text) +
               "\" is not a listen address: " + std::string(why) +
               R"( (right: ":9101", "127.0.0.1:9101", "[::1]:9101"))"};
}

Result<HostPort> Split(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t close = text.find("]:");
    if (close == std::string_view::npos) {
      return Bad(text, "no \"]:\" behind the IPv6 address");
    }
    return HostPort{text.substr(1, close - 1), text.substr(close + 2), true};
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return Bad(text, "it has no \":\" before the port");
  }
  const std::string_view host = text.substr(0, colon);
  if (host.find(':') != std::string_view::npos) {
    return Bad(text, "an IPv6 address needs brackets");
  }
  return HostPort{host, text.substr(colon + 1), false};
}

std::string Canonical(int family, const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> raw{};
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (inet_pton(family, host.c_str(), raw.data()) != 1 ||
      inet_ntop(family, raw.data(), text.data(), text.size()) == nullptr) {
    return {};
  }
  return text.data();
}

std::string NumericHost(const addrinfo& info) {
  std::array<char, NI_MAXHOST> host{};
  if (getnameinfo(info.ai_addr, info.ai_addrlen, host.data(), host.size(),
                  nullptr, 0, NI_NUMERICHOST) != 0) {
    return {};
  }
  return host.data();
}

Status<> Resolve(const std::string& name, ListenAddress& address) {
  if (name == "localhost") {
    // No look-up, because a minimal system has no /etc/hosts.
    // https://www.rfc-editor.org/rfc/rfc6761#section-6.3
    address.host = "127.0.0.1";
    return Done{};
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (const int error = getaddrinfo(name.c_str(), nullptr, &hints, &list);
      error != 0) {
    return Bad(address.text,
               "the host name \"" + name +
                   "\" cannot be resolved: " + gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(list,
                                                                 &freeaddrinfo);
  const addrinfo* best = list;
  for (const addrinfo* info = list; info != nullptr; info = info->ai_next) {
    if (info->ai_family == AF_INET) {
      best = info;
      break;
    }
  }
  address.host = NumericHost(*best);
  address.ipv6 = best->ai_family == AF_INET6;
  if (address.host.empty()) {
    return Bad(address.text, "the host name has no usable address");
  }
  return Done{};
}

Status<> FillHost(const HostPort& parts, ListenAddress& address) {
  if (parts.host.empty() && !parts.bracketed) {
    return Done{};
  }
  const std::string host(parts.host);
  if (parts.bracketed) {
    address.ipv6 = true;
    address.host = Canonical(AF_INET6, host);
    if (address.host.empty()) {
      return Bad(address.text, "\"" + host + "\" is not an IPv6 address");
    }
    return Done{};
  }
  address.host = Canonical(AF_INET, host);
  return address.host.empty() ? Resolve(host, address) : Done{};
}

}  // namespace

Result<ListenAddress> ParseListenAddress(std::string_view text) {
  const Result<HostPort> parts = Split(text);
  if (!parts) {
    return parts.error();
  }
  const std::optional<std::uint16_t> port =
      ParseInteger<std::uint16_t>(parts->port);
  if (!port) {
    return Bad(text, "\"" + std::string(parts->port) +
                         "\" is not a port from 0 to 65535");
  }
  ListenAddress address;
  address.text = text;
  address.port = *port;
  if (const Status<> host = FillHost(*parts, address); !host) {
    return host.error();
  }
  return address;
}

std::string JoinHostPort(std::string_view host, bool ipv6, std::uint16_t port) {
  const std::string number = std::to_string(port);
  return ipv6 ? "[" + std::string(host) + "]:" + number
              : std::string(host) + ":" + number;
}

}  // namespace command_exporter
