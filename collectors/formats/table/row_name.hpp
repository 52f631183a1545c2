// Tables whose rows have a first field that the header does not name, such as
// those of `free`.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_NAME_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_NAME_HPP_

#include <cstddef>
#include <span>

#include "collectors/formats/table/place.hpp"
#include "collectors/formats/table/row_cursor.hpp"

namespace command_exporter {

// The first field of every row ends left of the first name, and one row has a
// field more than there are names. `header`: the cursor at the header line;
// `least`: the blanks that separate two fields.
bool HaveRowNames(RowCursor header, std::span<const Place> names,
                  std::size_t least);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_NAME_HPP_
