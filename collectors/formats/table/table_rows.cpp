#include "collectors/formats/table/table_rows.hpp"

#include <algorithm>
#include <utility>

namespace command_exporter {

TableRows::TableRows(const RowCursor& before, const FormatConfig& config,
                     std::size_t least)
    : before_(before),
      config_(config),
      fields_(least) {}

bool TableRows::HaveRowName(const MeasuredPlaces& places) {
  const std::vector<Place>& names = places.front();
  bool is_one_longer = false;
  for (RowCursor row = before_; row.NextRow();) {
    fields_.Split(row.line(), row.start());
    fields_.PlaceBy(Measure::kColumns);
    if (fields_[0].place.end >= names.front().begin) {
      return false;
    }
    is_one_longer = is_one_longer || fields_.size() == names.size() + 1;
  }
  return is_one_longer;
}

Result<std::vector<RowReading>, TableProblem> TableRows::Read(
    const MeasuredPlaces& places, const TableShape& shape) {
  std::vector<RowReading> readings;
  for (RowCursor row = before_; row.NextRow();) {
    fields_.Split(row.line(), row.start());
    auto reading = ReadRow(fields_, places, shape);
    if (!reading) {
      return TableProblem{reading.error(), row,
                          std::ranges::any_of(readings, &RowReading::IsFull)};
    }
    readings.push_back(*std::move(reading));
  }
  return readings;
}

Result<RowReading, RowProblem> TableRows::ReadRow(
    LineFields& fields, const MeasuredPlaces& places,
    const TableShape& shape) const {
  auto reading = ReadMeasuredRow(fields, places, shape);
  const std::size_t names =
      places.front().size() + (shape.has_row_name ? 1 : 0);
  if (reading || fields.size() >= names ||
      config_.short_rows == ShortRows::kFail) {
    return reading;
  }
  RowReading shortened;
  if (config_.short_rows == ShortRows::kSkip) {
    shortened.is_unmatched = true;
    return shortened;
  }
  const std::size_t row_names = shape.has_row_name ? 1 : 0;
  for (std::size_t i = row_names; i < fields.size(); ++i) {
    shortened.cells.push_back({i - row_names, i, i});
  }
  return shortened;
}

}  // namespace command_exporter
