// A row read under every measure that the program may have used to align it.
//
// Where row and header are ASCII there is one. Else bytes, characters and
// columns of a terminal must give the same reading. A row in which every name
// has its field under one of them needs no second one, if it cannot be right by
// chance: there no cell is blank.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_MEASURED_ROW_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_MEASURED_ROW_HPP_

#include "collectors/formats/table/header_line.hpp"
#include "collectors/formats/table/line_fields.hpp"
#include "collectors/formats/table/row_reading.hpp"

namespace command_exporter {

struct TableShape {
  // The last name takes the rest of the line.
  bool takes_rest{};
  // Fields are separated by two blanks or more.
  bool is_wide{};
  // The first field of each row is `row`, which the header does not name.
  bool has_row_name{};
  bool has_ascii_header{};
  // The header has no more words than names.
  bool has_all_words{};
  std::int64_t tabs_behind_header{};
};

// Names count without `row`, fields with it. Requires: `fields` is not empty.
Result<RowReading, RowProblem> ReadMeasuredRow(LineFields& fields,
                                               const MeasuredPlaces& names,
                                               const TableShape& shape);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_MEASURED_ROW_HPP_
