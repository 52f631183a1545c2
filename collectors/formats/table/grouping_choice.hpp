// Which words of the header are one name, where the header does not say so.
//
// The rows decide. A grouping needs a full row: one that has a field for every
// name, and all of them line up; two, if under another grouping it is in doubt
// where the rest of a row begins. A grouping under which all rows line up goes
// before those under which some do not. All that are as good must give the same
// rows.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_GROUPING_CHOICE_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_GROUPING_CHOICE_HPP_

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "collectors/formats/table/header_line.hpp"
#include "collectors/formats/table/table_rows.hpp"
#include "core/base/deadline.hpp"

namespace command_exporter {

struct GroupingProblem {
  // The row that cannot be read; none if the groupings give different rows.
  std::optional<TableProblem> row{};
  // It is a row of the only possible grouping.
  bool is_certain{};
  bool is_late{};  // the time was over
};

// `columns`: "_" is of no interest. Requires: there is a grouping.
Result<MeasuredPlaces, GroupingProblem> ChooseGrouping(
    const HeaderLine& header, std::span<const HeaderGrouping> groupings,
    TableRows& rows, const TableShape& shape,
    std::span<const std::size_t> columns, Clock::time_point until);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_GROUPING_CHOICE_HPP_
