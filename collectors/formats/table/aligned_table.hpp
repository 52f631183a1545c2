// AlignedTable: a table whose columns are aligned by blanks.
//
// A field belongs to the name that it stands under (row_rules.hpp). Without a
// header line, only the number of the fields tells which is which.
//
// Thread safety: none; one object for each parse. Input and configuration must
// outlive it.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ALIGNED_TABLE_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ALIGNED_TABLE_HPP_

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "collectors/formats/format.hpp"
#include "collectors/formats/table/grouping_choice.hpp"
#include "collectors/formats/table/header_line.hpp"
#include "collectors/formats/table/line_fields.hpp"
#include "collectors/formats/table/measured_row.hpp"
#include "collectors/formats/table/row_cursor.hpp"
#include "collectors/formats/table/row_messages.hpp"

namespace command_exporter {

class AlignedTable {
 public:
  // `least`: the blanks that separate two fields.
  AlignedTable(const FormatInput& input, const FormatConfig& config,
               std::size_t least);

  Result<Rows, Failure> Parse();

 private:
  // Finds the names and their places. Requires: the cursor is at the header.
  std::optional<Failure> ReadHeader();
  std::optional<Failure> FindPlaces();
  Failure UnknownGrouping() const;
  void AddColumn(std::string_view name);

  // A failure if the row is a header.
  std::optional<Failure> CheckIsRow();
  std::optional<Failure> ReadRow();
  // Reads a row that needs no measure, and says whether it did.
  bool ReadPlainRow();
  Result<RowReading, RowProblem> ReadFields();
  void AddCells(const RowReading& reading);

  std::string_view Clean(std::string_view text) const;
  RowContext Context(const RowCursor& row) const;
  Failure Explained(const TableProblem& problem);
  Failure Explained(const GroupingProblem& problem);

  const FormatInput& input_;
  const FormatConfig& config_;
  std::size_t least_;
  Rows rows_;
  std::vector<std::size_t> columns_;  // of the rows, for each name
  std::optional<HeaderLine> header_;
  MeasuredPlaces places_;
  TableShape shape_;
  // Of the grouping, until it is more than a guess.
  std::size_t missing_full_rows_ = 0;
  RowCursor cursor_;
  LineFields fields_;
  std::vector<std::string_view> texts_;  // of the current row
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ALIGNED_TABLE_HPP_
