#include "core/cli/flag_values.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/duration.hpp"
#include "core/base/number.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

constexpr double kLargestOffset = 3600;  // seconds

// RFC 3986's unreserved characters and the slash: neither a browser, nor a
// scrape configuration, nor the page itself must escape them.
bool IsPlainPathCharacter(char c) {
  return IsLetter(c) || IsDigit(c) ||
         std::string_view{"/-._~"}.find(c) != std::string_view::npos;
}

template <typename Enum>
Result<Enum> OneOf(std::span<const std::string_view> names,
                   const std::string& text) {
  const auto found = std::ranges::find(names, Lower(text));
  if (found == names.end()) {
    return Error{Quote(text) + " is not one of " + JoinWords(names)};
  }
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

Result<std::uint32_t> ParseCount(const std::string& text, std::uint32_t least,
                                 std::uint32_t most) {
  const auto number = ParseInteger<std::uint32_t>(text);
  if (!number || *number < least || *number > most) {
    return Error{Quote(text) + " is not a whole number from " +
                 std::to_string(least) + " to " + std::to_string(most)};
  }
  return *number;
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
  constexpr std::array<std::string_view, 4> kNames = {"debug", "info", "warn",
                                                      "error"};
  return OneOf<LogLevel>(kNames, text);
}

Result<LogFormat> ParseLogFormat(const std::string& text) {
  constexpr std::array<std::string_view, 2> kNames = {"logfmt", "json"};
  return OneOf<LogFormat>(kNames, text);
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
