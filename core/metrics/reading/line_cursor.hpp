// The rest of a line, from which the readers of an exposition take one thing
// after another: a name, a token, a text in quotes with its escapes.
//
// Knows what these things look like, not the order in which they come. Views
// point into the line or, for texts with escapes, into the cursor, until the
// next Start: an ordinary sample costs no allocation. What a sample without
// escapes needs is in this header, so that it is compiled into its reader.
//
// Thread safety: none; one cursor a reader.
#ifndef COMMAND_EXPORTER_CORE_METRICS_READING_LINE_CURSOR_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_READING_LINE_CURSOR_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace command_exporter {

constexpr bool IsExpositionBlank(char c) {
  return c == ' ' || c == '\t';
}

enum class NameCharacter : std::uint8_t { kNone, kDigit, kStart, kColon };

constexpr std::array<NameCharacter, 256> MakeNameCharacters() {
  std::array<NameCharacter, 256> found{};
  for (std::size_t c = 0; c < found.size(); ++c) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_') {
      found[c] = NameCharacter::kStart;
    } else if (c >= '0' && c <= '9') {
      found[c] = NameCharacter::kDigit;
    }
  }
  found[':'] = NameCharacter::kColon;
  return found;
}

class LineCursor {
 public:
  // `is_utf8`: the whole text is known to be valid UTF-8.
  explicit LineCursor(bool is_utf8) : is_utf8_(is_utf8) {}

  void Start(std::string_view line) {
    rest_ = line;
    unescaped_.clear();
  }

  std::string_view rest() const { return rest_; }

  bool AtEnd() const { return rest_.empty(); }

  bool IsAt(char c) const { return rest_.starts_with(c); }

  bool IsAtBlank() const {
    return !rest_.empty() && IsExpositionBlank(rest_.front());
  }

  // False if another character is next.
  bool Take(char c) {
    if (!rest_.starts_with(c)) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }

  void SkipBlanks() {
    while (IsAtBlank()) {
      rest_.remove_prefix(1);
    }
  }

  // A name without quotes; only a metric's has colons. Empty if none is next.
  std::string_view TakeName(bool colons) {
    static constexpr auto kCharacters = MakeNameCharacters();
    std::size_t end = 0;
    while (end < rest_.size()) {
      const auto found = kCharacters[static_cast<unsigned char>(rest_[end])];
      if (found != NameCharacter::kStart &&
          !(found == NameCharacter::kDigit && end > 0) &&
          !(found == NameCharacter::kColon && colons)) {
        break;
      }
      ++end;
    }
    return TakeFirst(end);
  }

  // What stands before the next blank.
  std::string_view TakeToken() {
    std::size_t end = 0;
    while (end < rest_.size() && !IsExpositionBlank(rest_[end])) {
      ++end;
    }
    return TakeFirst(end);
  }

  // `what` it is, for the message. Requires: the opening quote is taken.
  bool TakeQuoted(std::string_view what, std::string_view& text) {
    bool has_escape = false;
    std::size_t end = 0;
    while (end < rest_.size() && rest_[end] != '"') {
      if (rest_[end] == '\\') {
        has_escape = true;
        ++end;
      }
      ++end;
    }
    if (end >= rest_.size()) {
      return FailUnclosed(what);
    }
    text = TakeFirst(end);
    rest_.remove_prefix(1);
    return (is_utf8_ || CheckUtf8(what, text)) &&
           (!has_escape || Unescape(what, text, text));
  }

  // Requires: the opening quote is taken.
  bool TakeQuotedName(std::string_view& name);

  bool IsUtf8(std::string_view text) const;

  // Both return false. `where` begins where the fault is.
  bool Fail(std::string_view what);
  bool FailAt(std::string_view what, std::string_view where);

  // For a person, without the line's number.
  const std::string& error() const { return error_; }

 private:
  std::string_view TakeFirst(std::size_t length) {
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }

  bool FailUnclosed(std::string_view what);
  bool CheckUtf8(std::string_view what, std::string_view text);
  bool Unescape(std::string_view what, std::string_view escaped,
                std::string_view& text);

  std::string_view rest_{};
  std::string unescaped_{};  // reserved for a line: views stay valid
  std::string error_{};
  const bool is_utf8_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_READING_LINE_CURSOR_HPP_
