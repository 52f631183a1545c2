#include <civetweb.h>

#include <string>

#include "core/web/server.hpp"

namespace command_exporter {

std::string CivetWebDescription() {
  // mg_check_feature reports TLS even where loading OpenSSL has failed; only
  // the library's initialisation shows whether TLS works.
  const unsigned usable = mg_init_library(MG_FEATURES_TLS);
  mg_exit_library();
  std::string abilities;
  const auto add = [&abilities](bool has, const char* name) {
    abilities += abilities.empty() ? "" : ", ";
    abilities += has ? "" : "no ";
    abilities += name;
  };
  add(mg_check_feature(MG_FEATURES_IPV6) != 0, "IPv6");
  add((usable & MG_FEATURES_TLS) != 0, "TLS");
  add(mg_check_feature(MG_FEATURES_X_DOMAIN_SOCKET) != 0, "unix sockets");
  return std::string(mg_version()) + " (" + abilities + ")";
}

}  // namespace command_exporter
