#include "core/config/toml/nesting.hpp"

#include <algorithm>
#include <cstddef>

namespace command_exporter {

namespace {

// The index behind the string that starts at `at`, or the end of the text.
std::size_t SkipString(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string_view triple = quote == '"' ? "\"\"\"" : "'''";
  const bool multi_line = text.substr(at, 3) == triple;
  std::size_t next = at + (multi_line ? 3 : 1);
  while (next < text.size()) {
    if (text[next] == '\\' && quote == '"') {
      next += 2;
    } else if (multi_line && text.substr(next, 3) == triple) {
      return next + 3;
    } else if (!multi_line && (text[next] == quote || text[next] == '\n')) {
      return next + 1;
    } else {
      ++next;
    }
  }
  return text.size();
}

TextPlace PlaceOf(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const std::size_t last_newline = before.rfind('\n');
  const std::size_t line_start =
      last_newline == std::string_view::npos ? 0 : last_newline + 1;
  TextPlace place;
  place.line += static_cast<std::uint32_t>(std::ranges::count(before, '\n'));
  place.column += static_cast<std::uint32_t>(at - line_start);
  return place;
}

// The first character outside of strings and comments for which `found` is
// true.
template <typename Found>
std::optional<TextPlace> FindPlain(std::string_view text, const Found& found) {
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      at = SkipString(text, at);
    } else if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (found(c)) {
      return PlaceOf(text, at);
    } else {
      ++at;
    }
  }
  return std::nullopt;
}

struct Depth {
  std::uint32_t brackets{};
  std::uint32_t dots{};

  void Count(char c) {
    if (c == '[' || c == '{') {
      ++brackets;
      dots = 0;
    } else if (c == ']' || c == '}') {
      brackets -= brackets > 0 ? 1 : 0;
    } else if (c == '.') {
      ++dots;
    } else if (c == '\n' || c == ',' || c == '=') {
      dots = 0;
    }
  }
};

}  // namespace

std::optional<TextPlace> FindDeepNesting(std::string_view text,
                                         std::uint32_t limit) {
  Depth depth;
  return FindPlain(text, [&depth, limit](char c) {
    depth.Count(c);
    return std::max(depth.brackets, depth.dots) > limit;
  });
}

std::optional<TextPlace> FindTooManyValues(std::string_view text,
                                           std::uint32_t limit) {
  std::uint32_t values = 0;
  return FindPlain(text, [&values, limit](char c) {
    values += c == '=' || c == '[' || c == '{' || c == ',' ? 1 : 0;
    return values > limit;
  });
}

}  // namespace command_exporter
