// What a row that could not be read, or not with certainty, means to the
// administrator: which line, which field, which names, and what to write.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_MESSAGES_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_MESSAGES_HPP_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/formats/table/line_fields.hpp"
#include "collectors/formats/table/row_reading.hpp"

namespace command_exporter {

// A row with the names of its table.
struct RowContext {
  std::string where{};  // "line 3"
  const LineFields& fields;
  std::vector<std::string_view> names{};  // with `row`
  std::size_t row_names{};                // 1 if the first name is `row`
  bool is_wide{};
  bool has_own_columns{};
  std::string columns_to_paste{};
};

std::string Explain(const RowProblem& problem, const RowContext& row);

// Behind "line 3: metric "m" uses the field "f", but".
std::string Explain(const TableDoubt& doubt, const RowContext& row);

// A row whose first field seems to be a mark.
std::string ExplainMark(std::string_view where, std::string_view mark);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_MESSAGES_HPP_
