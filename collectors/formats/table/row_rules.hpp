// The rules that decide how a row is read.
//
//   1. Every name has its field under or beside it: in order.
//   2. As many fields as names, none of them under a name that is not its own,
//      and wide gaps between them all: in order.
//   3. More fields than names: an error.
//   4. Fewer fields than names, or fields that do not stand under their names:
//      by place (row_by_place.hpp).
//   5. Enough fields that only a push explains (row_push.hpp): in order.
//
// Where tabs stand between fields or names, row_tabs.hpp takes the place of all
// rules but 3: a tab moves a field to the next stop, so its position says less.
//
// One field where more than two are expected is an error before all rules,
// because it may be a wrapped line (measured_row.cpp).
//
// A row that no rule reads is an error: a number is never published under a
// name that it may not belong to.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_RULES_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_RULES_HPP_

#include "collectors/formats/table/row_reading.hpp"

namespace command_exporter {

// Rule 1, which reads nearly all rows. Only the first fields, as many as there
// are names, are looked at.
bool FitsNames(const PlacedRow& row);

Result<RowReading, RowProblem> ReadRow(const PlacedRow& row);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_RULES_HPP_
