// Rows in which a value longer than its column pushed the rest of the line to
// the right.
//
// Such a row has as many fields as names, but they stand off their names. It
// may be read in order if a push explains every field that does, and if the row
// cannot be read without one: a row with a blank cell and another cell that
// holds a blank has as many fields, too.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_PUSH_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_PUSH_HPP_

#include "collectors/formats/table/row_reading.hpp"

namespace command_exporter {

// The fields, in order, are off their names by pushes alone. Requires: there
// are as many fields as names, or more if the last name takes the rest.
bool IsPushed(const PlacedRow& row);

// The fields, some of them joined over single blanks, lie under names from left
// to right. Generous: true in doubt.
bool CanBeUnpushed(const PlacedRow& row);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_PUSH_HPP_
