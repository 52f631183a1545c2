// TextBuffer: joins many small pieces into one string.
//
// A line of the exposition has a dozen pieces of a few bytes, and a std::string
// checks its size, its capacity and its end for each of them. This class
// gathers the pieces in a block on the stack and appends the whole block to the
// string.
//
// Thread safety: none. Invariant: the string is complete after Flush(). The
// destructor does not call it, because it may run out of memory.
#ifndef COMMAND_EXPORTER_CORE_METRICS_TEXT_BUFFER_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_TEXT_BUFFER_HPP_

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

namespace command_exporter {

class TextBuffer {
 public:
  // `out` must outlive it; text is appended.
  explicit TextBuffer(std::string& out) : out_(out) {}

  TextBuffer(const TextBuffer&) = delete;
  TextBuffer& operator=(const TextBuffer&) = delete;

  void Append(std::string_view text) {
    if (text.size() > Room()) {
      Flush();
      if (text.size() > Room()) {
        out_ += text;
        return;
      }
    }
    // Not memcpy: the address of an empty view may be null.
    std::copy(text.begin(), text.end(), block_.data() + used_);
    used_ += text.size();
  }

  void Append(char c) {
    Reserve(1);
    block_[used_++] = c;
  }

  template <typename Integer>
  void AppendInteger(Integer value) {
    constexpr std::size_t kLongest = 20;
    Reserve(kLongest);
    char* const begin = block_.data() + used_;
    const auto result = std::to_chars(begin, begin + kLongest, value);
    used_ += static_cast<std::size_t>(result.ptr - begin);
  }

  // See FormatNumber() in core/base/number.hpp.
  void AppendNumber(double value);
  // As Go's %g, and never as an integer: 1.0, 1e+06, 0.25.
  // https://prometheus.io/docs/specs/om/open_metrics_spec/#considerations-canonical-numbers
  void AppendCanonicalFloat(double value);
  // `text` with a backslash before each backslash and newline (as "\n"), and
  // before each quote if `quotes`.
  void AppendEscaped(std::string_view text, bool quotes);

  void Flush() {
    out_.append(block_.data(), used_);
    used_ = 0;
  }

 private:
  static constexpr std::size_t kBlock = 4096;

  std::size_t Room() const { return block_.size() - used_; }

  void Reserve(std::size_t size) {
    if (size > Room()) {
      Flush();
    }
  }

  std::string& out_;
  std::size_t used_ = 0;
  std::array<char, kBlock> block_;  // only the first used_ are set
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_TEXT_BUFFER_HPP_
