// Rows with tabs between fields, or below a header with tabs between names.
//
// A tab ends a cell, or fills it up to the next stop, and the line does not say
// which of the two. A value longer than its column then pushes the rest by
// whole stops, and a long name pulls it to the left of where it would be; so a
// row is never read by place, but in order or not at all. It is read in order
// if both meanings of the tabs give every name its field:
//
//   * the gaps have tabs where those of the header have them, and
//   * as many of them, and either one each, or no word or field is left over,
//   or
//     all fields stand where their names do; or not as many in the whole line,
//     so that they end no cells, and then nothing is left over and all fields
//     stand where their names do.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_TABS_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_TABS_HPP_

#include "collectors/formats/table/row_reading.hpp"

namespace command_exporter {

// A tab is in a gap between names, or in one in front of the rest of the row.
// Tabs at the beginning of both lines move them alike and do not count.
bool HasTabs(const PlacedRow& row);

// Requires: HasTabs(row).
Result<RowReading, RowProblem> ReadByTabs(const PlacedRow& row);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_TABS_HPP_
