// Which words of the header are one name, where the header does not say so.
//
// The rows decide. A grouping needs a full row: one that has a field for every
// name, and all of them line up. It needs two if another grouping fails for any
// reason but two fields under one name, because a single row may be full by
// chance. A grouping under which all rows line up goes before those under which
// some do not. All that are as good must give the same rows.
//
// All groupings read row after row side by side. Mostly, the first row leaves
// one of them, and then the other rows need not be read in advance.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_GROUPING_CHOICE_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_GROUPING_CHOICE_HPP_

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "collectors/formats/table/header_line.hpp"
#include "collectors/formats/table/measured_row.hpp"
#include "collectors/formats/table/row_cursor.hpp"
#include "core/base/deadline.hpp"

namespace command_exporter {

// A row that cannot be read.
struct TableProblem {
  RowProblem problem{};
  RowCursor row;
};

struct GroupingProblem {
  // None if the groupings give different rows.
  std::optional<TableProblem> row{};
  // The grouping of that row had a full one.
  bool is_certain{};
  bool is_late{};  // the time was over
};

struct ChosenGrouping {
  MeasuredPlaces places{};
  // So many full rows must follow among all rows; else it was a guess.
  std::size_t full_rows{};
};

struct GroupingTask {
  const HeaderLine& header;
  RowCursor rows;  // at the header line
  TableShape shape{};
  std::size_t least{};                     // blanks between two fields
  std::span<const std::size_t> columns{};  // kNoColumn: of no interest
  Clock::time_point until{};
};

// Requires: there is a grouping.
Result<ChosenGrouping, GroupingProblem> ChooseGrouping(
    const GroupingTask& task, std::span<const HeaderGrouping> groupings);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_GROUPING_CHOICE_HPP_
