#include "core/metrics/reading/line_cursor.hpp"

#include "core/base/text.hpp"

namespace command_exporter {

bool LineCursor::TakeQuotedName(std::string_view& name) {
  if (!TakeQuoted("a name in quotes", name)) {
    return false;
  }
  return !name.empty() || Fail("a name in quotes is empty");
}

bool LineCursor::IsUtf8(std::string_view text) const {
  return is_utf8_ || IsValidUtf8(text);
}

bool LineCursor::Fail(std::string_view what) {
  error_ = what;
  return false;
}

bool LineCursor::FailAt(std::string_view what, std::string_view where) {
  constexpr std::size_t kEnough = 60;
  error_ = what;
  error_ += where.empty() ? " at the end of the line" : " at ";
  if (!where.empty()) {
    error_ += '"';
    error_ += Printable(where, kEnough);
    error_ += '"';
  }
  return false;
}

bool LineCursor::FailUnclosed(std::string_view what) {
  return FailAt(std::string(what) + " is not closed on its line", rest_);
}

bool LineCursor::CheckUtf8(std::string_view what, std::string_view text) {
  return IsValidUtf8(text) ||
         FailAt(std::string(what) + " is not valid UTF-8", text);
}

bool LineCursor::Unescape(std::string_view what, std::string_view escaped,
                          std::string_view& text) {
  const std::size_t begin = unescaped_.size();
  if (begin == 0) {
    unescaped_.reserve(escaped.size() + rest_.size());
  }
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    if (escaped[i] != '\\') {
      unescaped_ += escaped[i];
      continue;
    }
    ++i;
    switch (escaped[i]) {
      case '\\':
      case '"':
        unescaped_ += escaped[i];
        break;
      case 'n':
        unescaped_ += '\n';
        break;
      default:
        return FailAt(std::string(what) +
                          R"( knows only the escapes \\, \" and \n; found one)",
                      escaped.substr(i - 1));
    }
  }
  text = std::string_view(unescaped_).substr(begin);
  return true;
}

}  // namespace command_exporter
