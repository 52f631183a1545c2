// Router: which page answers which path.
//
// Exact paths only. Every page accepts GET and HEAD. The router answers other
// methods with 405, an unknown path with 404, and a page that throws with 500
// and a line in the log.
//
// Thread safety: Add during set-up only; Handle from any thread.
#ifndef COMMAND_EXPORTER_CORE_WEB_ROUTER_HPP_
#define COMMAND_EXPORTER_CORE_WEB_ROUTER_HPP_

#include <map>
#include <string>

#include "core/web/http.hpp"
#include "core/web/http_metrics.hpp"

namespace command_exporter {

class Router {
 public:
  // `metrics` counts every request and must outlive the router.
  explicit Router(HttpMetrics& metrics) : metrics_(metrics) {}

  // Requires: `path` begins with '/'. A path added again keeps its first page.
  void Add(const std::string& path, Handler page);

  Response Handle(const Request& request) const;

 private:
  Response Dispatch(const Request& request) const;

  HttpMetrics& metrics_;
  std::map<std::string, Handler> pages_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_ROUTER_HPP_
