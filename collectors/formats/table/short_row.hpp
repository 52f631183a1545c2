// What becomes of a row that has fewer fields than names and cannot be read by
// the places of its fields: the key `short_rows`.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_SHORT_ROW_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_SHORT_ROW_HPP_

#include <cstddef>

#include "collectors/formats/table/row_reading.hpp"
#include "core/config/config.hpp"

namespace command_exporter {

// Of `fields` fields, of which the first `row_names` have no name in the
// header. `problem` stays if short rows fail.
Result<RowReading, RowProblem> ReadShortRow(ShortRows short_rows,
                                            std::size_t fields,
                                            std::size_t row_names,
                                            const RowProblem& problem);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_SHORT_ROW_HPP_
