#include "collectors/formats/table/row_reading.hpp"

#include <algorithm>
#include <set>

namespace command_exporter {
namespace {

std::set<std::size_t> NamesInDoubt(const RowReading& reading) {
  std::set<std::size_t> names;
  for (const TableDoubt& doubt : reading.doubts) {
    for (std::size_t i = doubt.first_name; i <= doubt.last_name; ++i) {
      names.insert(i);
    }
  }
  return names;
}

}  // namespace

bool SameMeaning(const RowReading& a, const RowReading& b) {
  return a.is_unmatched == b.is_unmatched && a.cells == b.cells &&
         NamesInDoubt(a) == NamesInDoubt(b);
}

RowReading InOrder(const PlacedRow& row, bool is_complete) {
  RowReading reading{.cells = CellsInOrder(row), .is_complete = is_complete};
  reading.lines_up = LinesUp(row, reading);
  return reading;
}

std::vector<TableCell> CellsInOrder(const PlacedRow& row) {
  std::vector<TableCell> cells;
  cells.reserve(row.names.size());
  for (std::size_t i = 0; i < row.names.size(); ++i) {
    cells.push_back({i, i, i});
  }
  if (row.takes_rest) {
    cells.back().last = row.fields.size() - 1;
  }
  return cells;
}

bool LinesUp(const PlacedRow& row, const RowReading& reading) {
  const std::size_t last = row.names.size() - 1;
  return reading.doubts.empty() &&
         std::ranges::all_of(reading.cells, [&](const TableCell& cell) {
           const Place field = row.fields[cell.first].place;
           const Place name = row.names[cell.name];
           return row.takes_rest && cell.name == last
                      ? field.begin == name.begin
                      : LinesUp(field, name);
         });
}

}  // namespace command_exporter
