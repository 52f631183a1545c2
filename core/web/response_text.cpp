#include "core/web/response_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace command_exporter {
namespace {

// IMF-fixdate. strftime's names are the English ones, since no part of the
// program leaves the locale "C".
// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
std::string HttpDate(std::time_t now) {
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 32> date{};
  const std::size_t size = std::strftime(date.data(), date.size(),
                                         "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return {date.data(), size};
}

void AppendHeader(std::string& out, std::string_view name,
                  std::string_view value) {
  out += name;
  out += ": ";
  std::ranges::copy_if(value, std::back_inserter(out),
                       [](char c) { return c != '\r' && c != '\n'; });
  out += "\r\n";
}

}  // namespace

std::string ResponseHead(const Response& response, const HeadOptions& options) {
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + " ";
  out += StatusText(response.status);
  out += "\r\n";
  AppendHeader(out, "Date", HttpDate(options.now));
  for (const auto& [name, value] : response.headers) {
    AppendHeader(out, name, value);
  }
  if (!options.head_request || !response.body.empty()) {
    AppendHeader(out, "Content-Length", std::to_string(response.body.size()));
  }
  AppendHeader(out, "Connection", options.close ? "close" : "keep-alive");
  out += "\r\n";
  return out;
}

}  // namespace command_exporter
