#include "core/config/placeholders.hpp"

#include <algorithm>
#include <cstddef>

#include "core/base/text.hpp"

namespace command_exporter {

namespace {

bool IsNameStart(char c) {
  return IsLetter(c) || c == '_';
}

bool IsNamePart(char c) {
  return IsNameStart(c) || IsDigit(c);
}

// The index of the `}` of the token that begins at text[open], or npos.
std::size_t TokenEnd(std::string_view text, std::size_t open) {
  std::size_t close = open + 1;
  if (close >= text.size() || !IsNameStart(text[close])) {
    return std::string_view::npos;
  }
  while (close < text.size() && IsNamePart(text[close])) {
    ++close;
  }
  if (close >= text.size() || text[close] != '}') {
    return std::string_view::npos;
  }
  const char before = open > 0 ? text[open - 1] : '\0';
  const bool doubled =
      before == '{' && close + 1 < text.size() && text[close + 1] == '}';
  const bool marked = before == '$' || before == '%';
  return doubled || marked ? std::string_view::npos : close;
}

// The same in a label template.
std::size_t FieldEnd(std::string_view text, std::size_t open) {
  const std::size_t close = text.find_first_of("{}", open + 1);
  const bool is_token =
      close != std::string_view::npos && text[close] == '}' && close > open + 1;
  return is_token ? close : std::string_view::npos;
}

using FindEnd = std::size_t (*)(std::string_view text, std::size_t open);

std::vector<TextPiece> Split(std::string_view text, FindEnd find_end) {
  std::vector<TextPiece> pieces;
  std::size_t literal = 0;
  std::size_t open = text.find('{');
  while (open != std::string_view::npos) {
    const std::size_t close = find_end(text, open);
    if (close == std::string_view::npos) {
      open = text.find('{', open + 1);
      continue;
    }
    if (open > literal) {
      pieces.push_back({text.substr(literal, open - literal), false});
    }
    pieces.push_back({text.substr(open + 1, close - open - 1), true});
    literal = close + 1;
    open = text.find('{', literal);
  }
  if (literal < text.size()) {
    pieces.push_back({text.substr(literal), false});
  }
  return pieces;
}

}  // namespace

std::vector<TextPiece> SplitPlaceholders(std::string_view text) {
  return Split(text, TokenEnd);
}

std::vector<TextPiece> SplitFields(std::string_view text) {
  return Split(text, FieldEnd);
}

std::string SubstitutePlaceholders(
    std::string_view text,
    const std::vector<std::pair<std::string, std::string>>& values) {
  std::string out;
  for (const TextPiece& piece : SplitPlaceholders(text)) {
    if (!piece.is_token) {
      out += piece.text;
      continue;
    }
    const auto found = std::ranges::find(
        values, piece.text, &std::pair<std::string, std::string>::first);
    if (found != values.end()) {
      out += found->second;
    } else {
      out += '{';
      out += piece.text;
      out += '}';
    }
  }
  return out;
}

}  // namespace command_exporter
