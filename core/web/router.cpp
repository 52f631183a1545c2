#include "core/web/router.hpp"

#include <exception>
#include <string_view>
#include <utility>

#include "core/base/log.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

Response Failed(const Request& request, std::string_view what) {
  Log(LogLevel::kError,
      {{"msg", "a page failed"}, {"path", request.path}, {"err", what}});
  return PlainText(500, "Internal error; see the exporter's log.\n");
}

}  // namespace

void Router::Add(const std::string& path, Handler page) {
  metrics_.Announce(path);
  pages_.emplace(path, std::move(page));
}

Response Router::Handle(const Request& request) const {
  const Clock::time_point start = Clock::now();
  metrics_.Begin();
  Response response;
  try {
    response = Dispatch(request);
  } catch (const std::exception& error) {
    response = Failed(request, error.what());
  } catch (...) {
    response = Failed(request, "unknown exception");
  }
  const bool known = pages_.find(request.path) != pages_.end();
  metrics_.End(known ? request.path : "other", response.status,
               Clock::now() - start);
  return response;
}

Response Router::Dispatch(const Request& request) const {
  const auto page = pages_.find(request.path);
  if (page == pages_.end()) {
    const auto paths = Views(pages_, &decltype(pages_)::value_type::first);
    return PlainText(404,
                     "No such page; there are " + JoinWords(paths) + ".\n");
  }
  if (request.method != "GET" && request.method != "HEAD") {
    Response response = PlainText(405, "Only GET and HEAD are answered.\n");
    response.headers.emplace_back("Allow", "GET, HEAD");
    return response;
  }
  return page->second(request);
}

}  // namespace command_exporter
