// RowReading: which field of a row belongs to which name, or why that is not
// certain.
//
// Thread safety: plain values.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_READING_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_READING_HPP_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "collectors/formats/table/line_fields.hpp"
#include "collectors/formats/table/place.hpp"
#include "core/base/result.hpp"

namespace command_exporter {

// A row and the names that its fields are held against.
struct PlacedRow {
  std::span<const TableField> fields{};
  std::span<const Place> names{};
  // The last name takes all fields from its own on.
  bool takes_rest{};
  // Fields are separated by two blanks or more, and may hold single ones.
  bool is_wide{};
  // The names are all words of the header: none is left for the rest.
  bool has_all_words{};
  // Behind the last field, less those behind the last word of the header.
  std::int64_t tabs_behind{};
};

// The fields `first` to `last` are the cell of `name`.
struct TableCell {
  std::size_t name{};
  std::size_t first{};
  std::size_t last{};

  bool operator==(const TableCell&) const = default;
};

// `field` belongs to one of the names `first_name` to `last_name`.
struct TableDoubt {
  std::size_t field{};
  std::size_t first_name{};
  std::size_t last_name{};
  bool is_under_all{};  // no push is needed for any of them
};

struct RowReading {
  std::vector<TableCell> cells{};
  std::vector<TableDoubt> doubts{};
  // Each name has its field, and nothing speaks against it.
  bool is_complete{};
  // Each field begins or ends where its name does.
  bool lines_up{};

  bool IsFull() const { return is_complete && lines_up; }

  // The row is left out.
  bool is_unmatched{};
};

enum class RowFault : std::uint8_t {
  kTooLong,       // more fields than names
  kTooShort,      // fewer fields than names, and no header
  kAlone,         // one field of many: a wrapped line?
  kUnderNone,     // a field stands under no name
  kUnderSeveral,  // a field stands under several names
  kSameName,      // a field and the one before it stand under one name
  kOneCell,       // a field and the one before it may be one cell
  kPushed,        // the rest of the line may belong to one of several names
  kOffNames,      // enough fields, but not under their names
  kTabs,          // tabs stand between the fields
  kMeasures,      // bytes, characters and columns give different readings
};

struct RowProblem {
  RowFault fault{};
  std::size_t field{};
  std::size_t first_name{};
  std::size_t last_name{};
};

// The same names get the same fields, and the same names are in doubt.
bool SameMeaning(const RowReading& a, const RowReading& b);

// The row in the order of the names.
RowReading InOrder(const PlacedRow& row, bool is_complete);

// The cells of a row in the order of the names.
std::vector<TableCell> CellsInOrder(const PlacedRow& row);

// For RowReading::lines_up. Of a rest only the beginning counts.
bool LinesUp(const PlacedRow& row, const RowReading& reading);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_READING_HPP_
