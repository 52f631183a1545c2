// TableRows: the rows of an aligned table, each read against the places of the
// names in the header.
//
// Thread safety: none; one user each. Input and configuration must outlive it.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_TABLE_ROWS_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_TABLE_ROWS_HPP_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/formats/table/line_fields.hpp"
#include "collectors/formats/table/measured_row.hpp"
#include "collectors/formats/table/row_cursor.hpp"

namespace command_exporter {

// Where a table could not be read.
struct TableProblem {
  RowProblem problem{};
  RowCursor row;
  // A row before it had a field for every name, and all lined up.
  bool has_full_row{};
};

class TableRows {
 public:
  // `before`: at the header line.
  TableRows(const RowCursor& before, const FormatConfig& config,
            std::size_t least);

  // Every row has one field in front of the first name.
  bool HaveRowName(const MeasuredPlaces& places);

  Result<std::vector<RowReading>, TableProblem> Read(
      const MeasuredPlaces& places, const TableShape& shape);

  // One row, which `fields` holds. What cannot be read is a short row if it has
  // too few fields and short_rows allows that.
  Result<RowReading, RowProblem> ReadRow(LineFields& fields,
                                         const MeasuredPlaces& places,
                                         const TableShape& shape) const;

 private:
  RowCursor before_;
  const FormatConfig& config_;
  LineFields fields_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_TABLE_ROWS_HPP_
