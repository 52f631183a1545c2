#include "collectors/formats/escape_sequences.hpp"

#include <algorithm>

#include "core/base/text.hpp"

namespace command_exporter {
namespace {

constexpr char kEscape = '\x1b';
constexpr char kBell = '\a';

// From `at` on, over characters of the range.
std::size_t SkipRange(std::string_view text, std::size_t at, char low,
                      char high) {
  while (at < text.size() && text[at] >= low && text[at] <= high) {
    ++at;
  }
  return at;
}

// Behind "ESC [": parameters, intermediates, and one final character.
std::size_t ControlLength(std::string_view text) {
  const std::size_t end =
      SkipRange(text, SkipRange(text, 2, '0', '?'), ' ', '/');
  return end < text.size() && text[end] >= '@' && text[end] <= '~' ? end + 1
                                                                   : 0;
}

// Behind "ESC ]": up to BEL or "ESC \", on the same line.
std::size_t CommandLength(std::string_view text) {
  for (std::size_t end = 2; end < text.size() && text[end] != '\n'; ++end) {
    if (text[end] == kBell) {
      return end + 1;
    }
    if (text[end] == kEscape) {
      return text.substr(end + 1, 1) == "\\" ? end + 2 : 0;
    }
  }
  return 0;
}

// Of the sequence at the start of `text`; 0: there is none.
std::size_t EscapeLength(std::string_view text) {
  constexpr std::size_t kCharacterSet = 3;
  if (text.size() < 2) {
    return 0;
  }
  switch (text[1]) {
    case '[':
      return ControlLength(text);
    case ']':
      return CommandLength(text);
    case '(':
    case ')':
      return text.size() >= kCharacterSet &&
                     ((text[2] >= 'A' && text[2] <= 'Z') || IsDigit(text[2]))
                 ? kCharacterSet
                 : 0;
    default:
      return 0;
  }
}

}  // namespace

std::string WithoutEscapes(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  while (!text.empty()) {
    const std::size_t next = std::min(text.find(kEscape), text.size());
    plain.append(text.substr(0, next));
    text.remove_prefix(next);
    if (!text.empty()) {
      const std::size_t length = EscapeLength(text);
      plain.append(length == 0 ? text.substr(0, 1) : std::string_view{});
      text.remove_prefix(length == 0 ? 1 : length);
    }
  }
  return plain;
}

}  // namespace command_exporter
