#include "core/web/server_answer.hpp"

#include <civetweb.h>

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/web/response_text.hpp"

namespace command_exporter {
namespace {

// An answer up to this size is one write: two writes would be delayed by
// Nagle's algorithm and the client's delayed acknowledgement (40 ms).
constexpr std::size_t kSmallAnswer = 65536;
// A larger answer is written in slices of this size, with a check of the
// deadline before each.
constexpr std::size_t kSlice = 16384;

std::string_view View(const char* text) {
  return text == nullptr ? std::string_view{} : std::string_view{text};
}

std::string_view FindHeader(const mg_connection* connection, const char* name) {
  return View(mg_get_header(connection, name));
}

bool WriteAll(mg_connection* connection, std::string_view bytes) {
  const int written = mg_write(connection, bytes.data(), bytes.size());
  return written >= 0 && static_cast<std::size_t>(written) == bytes.size();
}

bool WriteSlices(mg_connection* connection, std::string_view bytes,
                 Deadline deadline) {
  while (!bytes.empty() && !deadline.Passed()) {
    const std::string_view slice = bytes.substr(0, kSlice);
    if (!WriteAll(connection, slice)) {
      return false;
    }
    bytes.remove_prefix(slice.size());
  }
  return bytes.empty();
}

}  // namespace

Result<Request, Response> ReadRequest(const mg_connection* connection) {
  const mg_request_info& info = *mg_get_request_info(connection);
  if (info.num_headers >= MG_MAX_HEADERS) {
    return PlainText(431, "Too many header fields.\n");
  }
  if (!FindHeader(connection, "Transfer-Encoding").empty() &&
      !FindHeader(connection, "Content-Length").empty()) {
    return PlainText(
        400, "Transfer-Encoding and Content-Length exclude each other.\n");
  }
  std::optional<std::string> path = DecodePath(View(info.local_uri));
  if (!path || !path->starts_with('/')) {
    return PlainText(400, "The path is not valid.\n");
  }
  Request request;
  request.method = View(info.request_method);
  request.path = std::move(*path);
  request.query = View(info.query_string);
  request.headers.reserve(static_cast<std::size_t>(info.num_headers));
  for (int i = 0; i < info.num_headers; ++i) {
    const mg_header& header = info.http_headers[i];
    request.headers.emplace_back(View(header.name), View(header.value));
  }
  return request;
}

bool MustClose(const mg_connection* connection) {
  const std::string_view length = FindHeader(connection, "Content-Length");
  if (!FindHeader(connection, "Transfer-Encoding").empty() ||
      (!length.empty() && length != "0") ||
      !FindHeader(connection, "Upgrade").empty()) {
    return true;
  }
  const std::string_view wish = FindHeader(connection, "Connection");
  if (!wish.empty()) {
    return !HasToken(wish, "keep-alive");
  }
  return View(mg_get_request_info(connection)->http_version) != "1.1";
}

void Answer(mg_connection* connection, const Response& response,
            const AnswerOptions& options) {
  if (options.close) {
    mg_disable_connection_keep_alive(connection);
  }
  std::string head = ResponseHead(
      response,
      HeadOptions{options.head_request, options.close, std::time(nullptr)});
  std::string_view body = response.body;
  if (options.head_request) {
    body = {};
  }
  const std::size_t room = kSmallAnswer - std::min(kSmallAnswer, head.size());
  const std::string_view first = body.substr(0, room);
  head += first;
  body.remove_prefix(first.size());
  if (!WriteAll(connection, head) ||
      !WriteSlices(connection, body, options.deadline)) {
    mg_disable_connection_keep_alive(connection);
  }
}

}  // namespace command_exporter
