// Line filters: skip_lines, keep_lines and drop_lines, applied before any
// format.
//
// The remaining lines keep their line numbers, because messages refer to the
// output as the command printed it.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_LINE_FILTER_HPP_
#define COMMAND_EXPORTER_COLLECTORS_LINE_FILTER_HPP_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.hpp"

namespace command_exporter {

struct FilteredLines {
  std::string text{};
  // The number of each line of `text` in the raw output.
  std::vector<std::uint32_t> raw_lines{};
};

// False: the output is read unchanged.
bool HasLineFilters(const FormatConfig& config);

// Only the remaining lines.
FilteredLines FilterLines(std::string_view out, const FormatConfig& config);

// All lines; the removed ones are empty. For a parser that counts lines itself.
std::string BlankLines(std::string_view out, const FormatConfig& config);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_LINE_FILTER_HPP_
