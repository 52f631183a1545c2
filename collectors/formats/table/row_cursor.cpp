#include "collectors/formats/table/row_cursor.hpp"

#include <algorithm>

namespace command_exporter {
namespace {

bool IsBlank(std::string_view text) {
  return std::ranges::all_of(text, IsTableBlank);
}

}  // namespace

bool RowCursor::NextLine() {
  while (reader_.Next()) {
    if (!IsBlank(line())) {
      return true;
    }
  }
  return false;
}

bool RowCursor::NextRow() {
  while (NextLine()) {
    start_ = FindRowStart(line(), *marks_);
    if (start_.begin == 0 || !IsBlank(line().substr(start_.begin))) {
      return true;
    }
  }
  return false;
}

}  // namespace command_exporter
