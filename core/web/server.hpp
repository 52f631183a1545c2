// Server: listeners and worker threads; the one door to CivetWeb.
//
// One callback answers every request, so CivetWeb's file, CGI, WebDAV and form
// code is never reached. Each answer is one write with a Content-Length (a cut
// body must be seen as cut). Worker threads have a small stack in a system
// CivetWeb, so handlers must not recurse or parse configuration.
//
// Thread safety: handlers are called from many threads at once. Stop may be
// called from any thread, once.
#ifndef COMMAND_EXPORTER_CORE_WEB_SERVER_HPP_
#define COMMAND_EXPORTER_CORE_WEB_SERVER_HPP_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/web/http.hpp"
#include "core/web/listen_address.hpp"

namespace command_exporter {

class Server {
 public:
  // Errors: which address, why, and what to do about it.
  static Result<std::unique_ptr<Server>> Start(
      const std::vector<ListenAddress>& addresses, Handler handler);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The addresses really bound ("127.0.0.1:9101"), with port 0 resolved.
  std::vector<std::string> addresses() const;

  // Stops accepting, waits until requests in progress are answered or the
  // deadline has passed, then closes everything.
  void Stop();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The library's version and abilities, for --version: "1.15 (IPv6, TLS 1.3)".
std::string CivetWebDescription();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_SERVER_HPP_
