#include "collectors/formats/cut_number.hpp"

#include <cstddef>

#include "core/base/text.hpp"

namespace command_exporter {
namespace {

bool IsMark(char c) {
  return c == '.' || c == ',';
}

bool IsPart(char c) {
  return IsDigit(c) || IsMark(c);
}

// True if `rest` goes on with a number that came before it.
bool GoesOn(std::string_view rest) {
  if (rest.starts_with('e') || rest.starts_with('E')) {
    const bool has_sign = rest.size() > 1 && (rest[1] == '+' || rest[1] == '-');
    rest.remove_prefix(has_sign ? 2 : 1);
    return !rest.empty() && IsDigit(rest.front());
  }
  rest.remove_prefix(!rest.empty() && IsMark(rest.front()) ? 1 : 0);
  return !rest.empty() && IsDigit(rest.front());
}

// True if a number that follows `before` has its begin there. The point of
// "No.5" and those of "Loading...50" begin none.
bool BeginsIn(std::string_view before) {
  if (before.empty() || !IsPart(before.back())) {
    return false;
  }
  const char mark = before.back();
  before.remove_suffix(1);
  if (IsDigit(mark) || (!before.empty() && IsDigit(before.back()))) {
    return true;
  }
  return mark == '.' && (before.empty() ||
                         (!IsLetter(before.back()) && !IsMark(before.back())));
}

}  // namespace

std::string_view NumberAround(std::string_view text, std::string_view match,
                              std::string_view group) {
  if (group.empty()) {
    return {};
  }
  auto begin = static_cast<std::size_t>(group.data() - text.data());
  std::size_t end = begin + group.size();
  const bool is_first = group.data() == match.data();
  const bool is_last =
      group.data() + group.size() == match.data() + match.size();
  const bool before =
      is_first && IsPart(group.front()) && BeginsIn(text.substr(0, begin));
  const bool behind =
      is_last && IsPart(group.back()) && GoesOn(text.substr(end));
  if (!before && !behind) {
    return {};
  }
  while (before && begin > 0 && IsPart(text[begin - 1])) {
    --begin;
  }
  while (behind && GoesOn(text.substr(end))) {
    const bool has_sign = !IsPart(text[end]) && !IsDigit(text[end + 1]);
    end += has_sign ? std::size_t{2} : std::size_t{1};  // e-
  }
  return text.substr(begin, end - begin);
}

}  // namespace command_exporter
