#include "core/web/response_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace command_exporter {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                   "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string TwoDigits(int number) {
  const std::string text = std::to_string(number);
  return text.size() < 2 ? "0" + text : text;
}

// IMF-fixdate, without strftime's locale.
// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
std::string HttpDate(std::time_t now) {
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::string date(kDays.at(static_cast<std::size_t>(utc.tm_wday)));
  date += ", " + TwoDigits(utc.tm_mday) + " ";
  date += kMonths.at(static_cast<std::size_t>(utc.tm_mon));
  date += " " + std::to_string(utc.tm_year + 1900) + " ";
  date += TwoDigits(utc.tm_hour) + ":" + TwoDigits(utc.tm_min) + ":" +
          TwoDigits(utc.tm_sec) + " GMT";
  return date;
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
