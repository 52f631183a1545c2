// Text functions that several folders need.
//
// Thread safety: pure functions. Views returned point into the argument.
#ifndef COMMAND_EXPORTER_CORE_BASE_TEXT_HPP_
#define COMMAND_EXPORTER_CORE_BASE_TEXT_HPP_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace command_exporter {

// Without ASCII blanks (space, \t, \r, \n, \f, \v) at both ends.
std::string_view Trim(std::string_view text);

// Without these characters at both ends.
std::string_view Strip(std::string_view text, std::string_view characters);

// Without the byte order mark that files from Windows begin with.
std::string_view WithoutByteOrderMark(std::string_view text);

// The next line from `rest` without its "\n" or "\r\n"; `rest` moves behind
// it. False at the end. A final newline does not start an empty line.
bool NextLine(std::string_view& rest, std::string_view& line);

// "; did you mean "candidate"?", or empty when none is near.
std::string DidYouMean(std::string_view word,
                       std::span<const std::string_view> candidates);

// Fields separated by runs of spaces and tabs.
std::vector<std::string_view> SplitBlanks(std::string_view text);

bool IsValidUtf8(std::string_view text);

// Bytes of the UTF-8 sequence at the start of `text`; 0 when it is invalid or
// cut, and for an empty text.
std::size_t Utf8Length(std::string_view text);

// As Utf8Length, but 0 also for control characters, which must not reach a log
// or a terminal, and for invisible characters such as a no-break space.
std::size_t PrintableLength(std::string_view text);

// At most `limit` bytes for a log line: control characters, invisible ones and
// invalid UTF-8 as \xNN, a cut end marked with "...".
std::string Printable(std::string_view text, std::size_t limit = 200);

// `text` in double quotes for a message; escaped and cut as by Printable.
std::string Quote(std::string_view text);

// The last line of `text` that is not blank, without trailing blanks; empty if
// none.
std::string_view LastLine(std::string_view text);

// The candidate nearest to `word` by edit distance, for "did you mean"; empty
// when none is near (distance above a third of the length, at least 1).
std::string_view Nearest(std::string_view word,
                         std::span<const std::string_view> candidates);

// Views of the elements, or of their field `projection`.
template <typename Range, typename Projection = std::identity>
std::vector<std::string_view> Views(const Range& range,
                                    Projection projection = {}) {
  std::vector<std::string_view> views;
  views.reserve(range.size());
  for (const auto& element : range) {
    views.emplace_back(std::invoke(projection, element));
  }
  return views;
}

// The texts with `separator` between them.
template <typename Texts>
std::string Join(const Texts& texts, std::string_view separator) {
  std::string joined;
  for (const std::string_view text : texts) {
    joined += joined.empty() ? std::string_view{} : separator;
    joined += text;
  }
  return joined;
}

// "1 sample", "2 samples".
std::string Counted(std::uint64_t count, std::string_view singular);

// `"a", "b" or "c"`.
std::string QuoteChoices(std::span<const std::string_view> choices);

// "a, b and c".
std::string JoinWords(std::span<const std::string_view> words);

// Of ASCII, whatever the locale.
constexpr bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b);

// With the letters of ASCII small; the others stay as they are.
std::string Lower(std::string_view text);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_TEXT_HPP_
