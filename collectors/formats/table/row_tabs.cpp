#include "collectors/formats/table/row_tabs.hpp"

#include <algorithm>

namespace command_exporter {
namespace {

std::int64_t TabsBefore(const PlacedRow& row, std::size_t field) {
  return row.fields[field].place.tabs;
}

// The field belongs to the rest, and so do the tabs behind it.
bool IsInRest(const PlacedRow& row, std::size_t field) {
  return row.takes_rest && row.fields[field].place.end > row.names.back().begin;
}

// Under the words of the header, tabs end cells: they are as many.
bool MayEndCells(const PlacedRow& row) {
  std::int64_t more = row.tabs_behind;
  for (std::size_t i = 0; i < row.names.size(); ++i) {
    more += TabsBefore(row, i) - row.names[i].tabs;
  }
  return more == 0;
}

// Both lines have tabs in the same gaps.
bool HaveTabsAlike(const PlacedRow& row) {
  for (std::size_t i = 0; i < row.names.size(); ++i) {
    if ((TabsBefore(row, i) == 0) != (row.names[i].tabs == 0)) {
      return false;
    }
  }
  return true;
}

bool IsCertain(const PlacedRow& row) {
  if (!HaveTabsAlike(row)) {
    return false;
  }
  // Else, fields or words behind the last name can be further cells.
  const bool is_all =
      row.fields.size() == row.names.size() && row.has_all_words;
  bool are_as_many = true;
  bool is_enough = true;  // to be as many
  for (std::size_t i = 0; i < row.names.size(); ++i) {
    const std::int64_t tabs = TabsBefore(row, i);
    are_as_many = are_as_many && tabs == row.names[i].tabs;
    // A gap without a tab says nothing, and one with several may hold a cell.
    is_enough = is_enough && (i == 0 || tabs == 1 || (tabs > 1 && is_all));
  }
  return (are_as_many && is_enough) ||
         ((are_as_many || (is_all && !MayEndCells(row))) &&
          LinesUp(row, {.cells = CellsInOrder(row)}));
}

}  // namespace

bool HasTabs(const PlacedRow& row) {
  if (row.fields.empty()) {
    return false;
  }
  if (TabsBefore(row, 0) != row.names.front().tabs ||
      std::ranges::any_of(row.names.subspan(1),
                          [](const Place& name) { return name.tabs > 0; })) {
    return true;
  }
  for (std::size_t i = 1; i < row.fields.size() && !IsInRest(row, i - 1); ++i) {
    if (TabsBefore(row, i) > 0) {
      return true;
    }
  }
  return false;
}

Result<RowReading, RowProblem> ReadByTabs(const PlacedRow& row) {
  if (row.fields.size() < row.names.size() || !IsCertain(row)) {
    return RowProblem{.fault = RowFault::kTabs};
  }
  return InOrder(row, true);
}

}  // namespace command_exporter
