#include "collectors/formats/table/measured_row.hpp"

#include <algorithm>
#include <optional>

#include "collectors/formats/table/row_rules.hpp"

namespace command_exporter {
namespace {

using Reading = Result<RowReading, RowProblem>;

Reading ReadBy(Measure measure, LineFields& fields, const MeasuredPlaces& names,
               const TableShape& shape) {
  const std::size_t skipped = shape.has_row_name ? 1 : 0;
  fields.PlaceBy(measure);
  auto reading =
      ReadRow({.fields = fields.all().subspan(skipped),
               .names = names[static_cast<std::size_t>(measure)],
               .takes_rest = shape.takes_rest,
               .is_wide = shape.is_wide,
               .has_all_words = shape.has_all_words,
               .tabs_behind = fields.TabsBehind() - shape.tabs_behind_header});
  if (!reading) {
    RowProblem problem = reading.error();
    problem.field += skipped;
    return problem;
  }
  for (TableCell& cell : reading->cells) {
    cell.first += skipped;
    cell.last += skipped;
  }
  for (TableDoubt& doubt : reading->doubts) {
    doubt.field += skipped;
  }
  return reading;
}

RowProblem Alone(const LineFields& fields, Place first_name) {
  const bool has_tabs =
      fields.TabsBehind() > 0 || fields[0].place.tabs != first_name.tabs;
  return {.fault = has_tabs ? RowFault::kTabs : RowFault::kAlone};
}

// The reading on which all measures agree. `first`: that by columns.
Reading ReadByAll(const Reading& first, LineFields& fields,
                  const MeasuredPlaces& names, const TableShape& shape) {
  const bool one_is_enough = !shape.takes_rest && !shape.is_wide;
  std::optional<RowProblem> problem;
  bool agree = true;
  for (const Measure measure : kAllMeasures) {
    Reading reading = measure == Measure::kColumns
                          ? first
                          : ReadBy(measure, fields, names, shape);
    if (!reading) {
      problem = problem ? problem : std::optional(reading.error());
    } else if (one_is_enough && reading->is_complete) {
      return reading;
    } else if (first) {
      agree = agree && SameMeaning(*first, *reading);
    }
  }
  if (problem) {
    return *problem;
  }
  if (!agree) {
    return RowProblem{.fault = RowFault::kMeasures};
  }
  return first;
}

}  // namespace

Result<RowReading, RowProblem> ReadMeasuredRow(LineFields& fields,
                                               const MeasuredPlaces& names,
                                               const TableShape& shape) {
  constexpr std::size_t kFew = 2;
  const std::size_t all_names =
      names.front().size() + (shape.has_row_name ? 1 : 0);
  if (fields.size() == 1 && all_names > kFew) {
    return Alone(fields, names.front().front());
  }
  const bool is_ascii = fields.IsAscii();
  Reading first = ReadBy(Measure::kColumns, fields, names, shape);
  if (is_ascii && (shape.has_ascii_header || (first && first->is_complete))) {
    return first;
  }
  return ReadByAll(first, fields, names, shape);
}

}  // namespace command_exporter
