// The lines of an output with their numbers in the raw output.
//
// What a format says about a line is read beside what the command printed, so
// lines that filters removed are counted.
//
// Thread safety: none; one reader a parse.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_LINE_READER_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_LINE_READER_HPP_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "collectors/formats/format.hpp"
#include "core/base/text.hpp"

namespace command_exporter {

// A carriage return with text behind it.
inline bool HasInnerCr(std::string_view text) {
  return Trim(text).find('\r') != std::string_view::npos;
}

// A carriage return within the line `where`, so that it is several lines.
Failure CrInLine(const std::string& where);

class LineReader {
 public:
  explicit LineReader(const FormatInput& input)
      : rest_(input.out),
        raw_lines_(input.raw_lines) {}

  // False at the end.
  bool Next();

  std::string_view line() const { return line_; }

  // 1-based, in the raw output.
  std::size_t number() const {
    return index_ <= raw_lines_.size() ? raw_lines_[index_ - 1] : index_;
  }

  // Of the raw output, in words for a message: "line 3".
  std::string Where() const;

 private:
  std::string_view rest_;
  std::string_view line_;
  std::span<const std::uint32_t> raw_lines_;
  std::size_t index_ = 0;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_LINE_READER_HPP_
