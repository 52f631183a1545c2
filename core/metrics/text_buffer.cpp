#include "core/metrics/text_buffer.hpp"

#include <cmath>
#include <cstdint>

#include "core/base/number.hpp"

namespace command_exporter {

namespace {

// Room for the longest output of std::to_chars for a double.
constexpr std::size_t kLongestNumber = 32;
// Below 2^53 every integer is exactly a double.
constexpr double kExactIntegers = 9007199254740992.0;

bool NeedsEscape(char c, bool quotes) {
  return c == '\\' || c == '\n' || (quotes && c == '"');
}

}  // namespace

void TextBuffer::AppendNumber(double value) {
  if (std::abs(value) < kExactIntegers) {  // false for NaN
    const auto integer = static_cast<std::int64_t>(value);
    if (static_cast<double>(integer) == value &&
        !(integer == 0 && std::signbit(value))) {
      AppendInteger(integer);
      return;
    }
  }
  if (!std::isfinite(value)) {
    Append(FormatNumber(value));
    return;
  }
  Reserve(kLongestNumber);
  char* const begin = block_.data() + used_;
  const auto result = std::to_chars(begin, begin + kLongestNumber, value);
  used_ += static_cast<std::size_t>(result.ptr - begin);
}

void TextBuffer::AppendCanonicalFloat(double value) {
  if (!std::isfinite(value)) {
    Append(FormatNumber(value));
    return;
  }
  std::array<char, kLongestNumber> digits{};
  const auto result =
      std::to_chars(digits.data(), digits.data() + digits.size(), value,
                    std::chars_format::general);
  const std::string_view text(
      digits.data(), static_cast<std::size_t>(result.ptr - digits.data()));
  Append(text);
  if (text.find_first_of(".e") == std::string_view::npos) {
    Append(".0");
  }
}

void TextBuffer::AppendEscaped(std::string_view text, bool quotes) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (NeedsEscape(text[at], quotes)) {
      Append(text.substr(begin, at - begin));
      Append('\\');
      Append(text[at] == '\n' ? 'n' : text[at]);
      begin = at + 1;
    }
  }
  Append(text.substr(begin));
}

}  // namespace command_exporter
