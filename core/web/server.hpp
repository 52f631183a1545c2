// Server: listeners and worker threads; only this class uses CivetWeb.
//
// One callback answers every request, so CivetWeb's file, CGI, WebDAV and form
// code is never reached. A small answer is one write. A large one is written in
// slices under one deadline, because a slow client must not hold a worker for
// ever. Each answer has a Content-Length, so that a truncated body is noticed.
// Worker threads have a small stack in a system CivetWeb, so handlers must not
// recurse or parse configuration. After a start that failed for lack of
// threads, the existing threads stay until the process ends.
//
// Thread safety: handlers are called from many threads at once. Stop may be
// called from any thread, once.
#ifndef COMMAND_EXPORTER_CORE_WEB_SERVER_HPP_
#define COMMAND_EXPORTER_CORE_WEB_SERVER_HPP_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "core/web/http.hpp"
#include "core/web/listen_address.hpp"

namespace command_exporter {

struct ServerOptions {
  Handler handler{};
  // Gets the status of each request that was rejected before any handler
  // received it (malformed, too large). May be empty.
  std::function<void(int status)> refused{};
  // One worker serves one connection; 256 idle ones cost 10 MB.
  unsigned workers{256};
  // The time to send the whole head of a request.
  Duration request_timeout{std::chrono::seconds{5}};
  // The time to receive the whole answer.
  Duration answer_timeout{std::chrono::seconds{10}};
  // The time that Stop gives to requests in progress.
  Duration stop_timeout{std::chrono::seconds{10}};
};

struct ServerState;

class Server {
 public:
  // Requires: options.handler is set. Errors: which address failed, why, and
  // how to fix it.
  static Result<std::unique_ptr<Server>> Start(
      const std::vector<ListenAddress>& addresses, ServerOptions options);
  // Stops the server if it was not stopped.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The bound addresses ("127.0.0.1:9101"), with port 0 resolved.
  std::vector<std::string> addresses() const;

  // Answers new requests with 503 from now on, and waits until the requests in
  // progress are answered. False: stop_timeout was too short for one of them.
  bool Drain();

  // Drains and closes everything. A handler that is not done after the Drain
  // loses its connection, but Stop still waits for it.
  void Stop();

 private:
  explicit Server(std::unique_ptr<ServerState> state);
  std::unique_ptr<ServerState> state_;
};

// The library's version and features, for --version: "1.15 (IPv6, TLS)".
std::string CivetWebDescription();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_SERVER_HPP_
