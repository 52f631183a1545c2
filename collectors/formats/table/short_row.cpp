#include "collectors/formats/table/short_row.hpp"

namespace command_exporter {

Result<RowReading, RowProblem> ReadShortRow(ShortRows short_rows,
                                            std::size_t fields,
                                            std::size_t row_names,
                                            const RowProblem& problem) {
  RowReading reading;
  switch (short_rows) {
    case ShortRows::kSkip:
      reading.is_unmatched = true;
      return reading;
    case ShortRows::kLeft:
      for (std::size_t i = row_names; i < fields; ++i) {
        reading.cells.push_back({i - row_names, i, i});
      }
      return reading;
    default:
      return problem;
  }
}

}  // namespace command_exporter
