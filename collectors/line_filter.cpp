#include "collectors/line_filter.hpp"

#include "core/base/text.hpp"

namespace command_exporter {
namespace {

// `index` is 0-based, in the raw output.
bool Stays(std::string_view line, std::uint32_t index,
           const FormatConfig& config) {
  return index >= config.skip_lines &&
         (!config.keep_lines || config.keep_lines->PartialMatch(line)) &&
         (!config.drop_lines || !config.drop_lines->PartialMatch(line));
}

}  // namespace

bool HasLineFilters(const FormatConfig& config) {
  return config.skip_lines > 0 || config.keep_lines || config.drop_lines;
}

FilteredLines FilterLines(std::string_view out, const FormatConfig& config) {
  FilteredLines filtered;
  filtered.text.reserve(out.size());
  std::string_view line;
  for (std::uint32_t index = 0; NextLine(out, line); ++index) {
    if (Stays(line, index, config)) {
      filtered.text += line;
      filtered.text += '\n';
      filtered.raw_lines.push_back(index + 1);
    }
  }
  return filtered;
}

std::string BlankLines(std::string_view out, const FormatConfig& config) {
  std::string text;
  text.reserve(out.size());
  std::string_view line;
  for (std::uint32_t index = 0; NextLine(out, line); ++index) {
    if (Stays(line, index, config)) {
      text += line;
    }
    text += '\n';
  }
  return text;
}

}  // namespace command_exporter
