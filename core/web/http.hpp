// Request and Response: HTTP without a socket.
//
// Pages are functions from one to the other, so nearly every test of the web
// side needs no network. Only server*.cpp use CivetWeb.
//
// Thread safety: plain values.
#ifndef COMMAND_EXPORTER_CORE_WEB_HTTP_HPP_
#define COMMAND_EXPORTER_CORE_WEB_HTTP_HPP_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace command_exporter {

struct Request {
  std::string method{};
  std::string path{};   // decoded, without the query; begins with '/'
  std::string query{};  // raw
  std::vector<std::pair<std::string, std::string>> headers{};

  // The first header of that name, compared without case; empty if absent.
  std::string_view Header(std::string_view name) const;
};

struct Response {
  int status{200};
  // The server itself adds Content-Length, Date and Connection.
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
};

using Handler = std::function<Response(const Request&)>;

// text/plain; charset=utf-8
Response PlainText(int status, std::string body);

// "Not Found" for 404; empty for a code that this server never sends.
// https://www.rfc-editor.org/rfc/rfc9110#section-15
std::string_view StatusText(int status);

// Decodes %XX. None for a broken escape and for NUL, encoded or not: a C string
// would end at a NUL, so the path would have two meanings.
std::optional<std::string> DecodePath(std::string_view raw);

// True when the comma-separated header value contains `token`, ignoring case.
bool HasToken(std::string_view header, std::string_view token);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_HTTP_HPP_
