// Where the fields of a row begin: behind the lines of a drawn tree, and behind
// a mark.
//
// A tree ("├─sda1") is not the text of the first field, but shows that the
// field is the first. A mark ("● failed.service") is one of the few characters
// that programs put in front of a row that needs attention; it would push all
// fields by one. `marks` says which characters are marks. Without it, a row
// that seems to have one is refused.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_START_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_START_HPP_

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace command_exporter {

// The blanks of the tables; line ends never reach them.
inline constexpr std::string_view kTableBlanks = " \t\r\v\f";

constexpr bool IsTableBlank(char c) {
  return c == ' ' || (c != '\n' && c >= '\t' && c <= '\r');
}

static_assert(std::ranges::all_of(kTableBlanks, IsTableBlank));

struct RowStart {
  std::size_t begin{};         // offset in the line
  bool has_tree{};             // the first field stands at the line's beginning
  std::string_view unknown{};  // what seems to be a mark, if `marks` is not set
};

RowStart FindRowStart(std::string_view line,
                      const std::optional<std::string>& marks);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_START_HPP_
