// The reading of a row by the places of its fields alone.
//
// Where cells and names are aligned alike, a field stands under its name, or
// right of it if a value longer than its column pushed it there; and it is
// pushed at most as far as that value sticks out of its column. So a field
// belongs to the name that it stands under, or to one left of it whose cell
// would otherwise be blank. Where both are possible, the names are in doubt,
// and a metric that uses one of them fails.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_BY_PLACE_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_BY_PLACE_HPP_

#include "collectors/formats/table/row_reading.hpp"

namespace command_exporter {

// Two fields with one blank between them that neither line up with their names
// nor are pushed alike: perhaps one cell that holds a blank.
bool MayBeOneCell(const TableField& field, Place name, const TableField& next,
                  Place next_name);

Result<RowReading, RowProblem> ReadByPlace(const PlacedRow& row);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_BY_PLACE_HPP_
