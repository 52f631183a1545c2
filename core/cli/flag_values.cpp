#include "core/cli/flag_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

#include "core/base/duration.hpp"
#include "core/base/number.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

constexpr double kLargestOffset = 3600;  // seconds

// RFC 3986's unreserved characters and the slash: neither a browser, nor a
// scrape configuration, nor the page itself must escape them.
bool IsPlainPathCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') ||
         std::string_view{"/-._~"}.find(c) != std::string_view::npos;
}

}  // namespace

Result<std::uint32_t> ParseCount(const std::string& text, std::uint32_t least,
                                 std::uint32_t most) {
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end || number < least || number > most) {
    return Error{Quote(text) + " is not a whole number from " +
                 std::to_string(least) + " to " + std::to_string(most)};
  }
  return number;
}

Result<Duration> ParseOffset(const std::string& text) {
  if (const std::optional<double> seconds = ParseNumber(text)) {
    if (*seconds >= 0 && *seconds <= kLargestOffset) {
      return FromSeconds(*seconds);
    }
  } else if (Result<Duration> duration = ParseDuration(text)) {
    return duration;
  }
  return Error{Quote(text) +
               R"( is not a time (right: "0.5" for seconds, or "500ms"))"};
}

Result<LogLevel> ParseLogLevel(const std::string& text) {
  static constexpr std::array<std::string_view, 4> kNames = {"debug", "info",
                                                             "warn", "error"};
  const auto* const found =
      std::ranges::find(kNames, std::string_view(Lower(text)));
  if (found == kNames.end()) {
    return Error{Quote(text) + " is not one of " + JoinWords(kNames)};
  }
  return static_cast<LogLevel>(found - kNames.begin());
}

Result<LogFormat> ParseLogFormat(const std::string& text) {
  static constexpr std::array<std::string_view, 2> kNames = {"logfmt", "json"};
  const auto* const found =
      std::ranges::find(kNames, std::string_view(Lower(text)));
  if (found == kNames.end()) {
    return Error{Quote(text) + " is not one of " + JoinWords(kNames)};
  }
  return static_cast<LogFormat>(found - kNames.begin());
}

Result<std::string> ParseTelemetryPath(const std::string& text) {
  if (!text.starts_with('/') ||
      !std::ranges::all_of(text, IsPlainPathCharacter) ||
      text.find("/.") != std::string::npos ||
      text.find("//") != std::string::npos) {
    return Error{Quote(text) + R"( is not a plain path (right: "/metrics"))"};
  }
  if (text == "/-/healthy") {
    return Error{Quote(text) + " is the health page"};
  }
  return text;
}

}  // namespace command_exporter
