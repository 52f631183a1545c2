#include "collectors/formats/table/row_rules.hpp"

#include "collectors/formats/table/name_range.hpp"
#include "collectors/formats/table/row_by_place.hpp"
#include "collectors/formats/table/row_push.hpp"
#include "collectors/formats/table/row_tabs.hpp"

namespace command_exporter {
namespace {

// In a table with wide gaps a field under several names is several cells that
// have grown together. The rest may lie under anything.
bool SpansNames(const PlacedRow& row) {
  if (!row.is_wide) {
    return false;
  }
  for (std::size_t i = 0; i + (row.takes_rest ? 1 : 0) < row.names.size();
       ++i) {
    if (NamesOver(row.names, row.fields[i].place).size() > 1) {
      return true;
    }
  }
  return false;
}

bool RestMayBeginEarlier(const PlacedRow& row) {
  const std::size_t last = row.names.size() - 1;
  return row.takes_rest && last > 0 &&
         MayBeOneCell(row.fields[last - 1], row.names[last - 1],
                      row.fields[last], row.names[last]);
}

// Rule 2: as many cells as names. Nothing is blank, and nothing has grown
// together.
bool IsPlainlyComplete(const PlacedRow& row) {
  if (row.takes_rest || SpansNames(row) ||
      row.fields.front().place.end < row.names.front().begin) {
    return false;
  }
  for (std::size_t i = 0; i < row.names.size(); ++i) {
    const Place field = row.fields[i].place;
    if (row.fields[i].is_tight || (!StandsAt(field, row.names[i]) &&
                                   NamesOver(row.names, field).size() > 0)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool FitsNames(const PlacedRow& row) {
  for (std::size_t i = 0; i < row.names.size(); ++i) {
    if (!StandsAt(row.fields[i].place, row.names[i])) {
      return false;
    }
  }
  return !SpansNames(row) && !RestMayBeginEarlier(row) && !HasTabs(row);
}

Result<RowReading, RowProblem> ReadRow(const PlacedRow& row) {
  const std::size_t fields = row.fields.size();
  const std::size_t names = row.names.size();
  if (fields > names && !row.takes_rest) {
    return RowProblem{.fault = RowFault::kTooLong};
  }
  if (HasTabs(row)) {
    return ReadByTabs(row);
  }
  const bool has_all = fields >= names;
  if (has_all && (FitsNames(row) || IsPlainlyComplete(row))) {
    return InOrder(row, true);
  }
  RowProblem problem{.fault = RowFault::kOffNames};
  if (row.takes_rest || !has_all) {
    auto reading = ReadByPlace(row);
    if (reading) {
      reading->lines_up = LinesUp(row, *reading);
      return reading;
    }
    problem = reading.error();
  }
  if (has_all && !row.is_wide && !RestMayBeginEarlier(row) && IsPushed(row) &&
      !CanBeUnpushed(row)) {
    return InOrder(row, false);
  }
  return problem;
}

}  // namespace command_exporter
