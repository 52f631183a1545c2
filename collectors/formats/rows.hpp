// Rows: the result of every format.
//
// A format turns output into rows of named fields; a metric turns rows into
// samples. A cell is a view into the output (or into text that a format
// created), so Rows must not outlive the output. Cells are stored in one
// vector, row after row, in the order in which they were set. Formats set them
// in the order of the columns, so Get finds nearly all of them at once, with
// one row of 100,000 fields or with 100,000 rows of one field.
//
// A name with two meanings (a header or a record that has it twice) is
// recorded, and so is one of which it is uncertain whether a field belongs to
// it: a metric that uses it fails, other metrics are not affected.
//
//   Rows rows;
//   const std::size_t free = rows.AddColumn("free");
//   rows.StartRow(2);                       // the second line of the output
//   rows.Set(free, "7214");                 // a view into the output
//   rows.Get(0, rows.FindColumn("free"));   // "7214"
//
// Thread safety: plain values; move-only, because the cells are views.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_ROWS_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_ROWS_HPP_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/metrics/drops.hpp"

namespace command_exporter {

class Rows {
 public:
  static constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);

  struct Cell {
    std::size_t column{};
    std::string_view value{};
  };

  Rows() = default;
  Rows(Rows&&) = default;
  Rows& operator=(Rows&&) = default;
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  ~Rows() = default;

  // The index of the column with this name; adds the column if it is missing.
  std::size_t AddColumn(std::string_view name);
  // kNoColumn if there is none.
  std::size_t FindColumn(std::string_view name) const;

  const std::deque<std::string>& columns() const { return columns_; }

  // `line` is the 1-based line of the raw output where the row begins.
  void StartRow(std::size_t line);
  // Sets a cell of the last row. False if the row already has it; the first
  // value stays.
  bool Set(std::size_t column, std::string_view value);

  std::size_t size() const { return lines_.size(); }

  std::size_t line(std::size_t row) const { return lines_[row]; }

  // The column for a name of a header or of `columns`: kNoColumn when it is "_"
  // or empty, which discards, and the second time, which is noted for `line`.
  std::size_t AddNamedColumn(std::string_view name, std::size_t line);
  // A row whose fields go to the columns at their places, but for kNoColumn.
  void AddRow(std::size_t line, std::span<const std::size_t> columns,
              std::span<const std::string_view> fields);

  // None: the row has no such field.
  std::optional<std::string_view> Get(std::size_t row,
                                      std::size_t column) const;

  // All cells of a row, in the order in which they were set.
  std::span<const Cell> Cells(std::size_t row) const;

  // Stores a text that is not part of the output but was derived from that raw
  // line.
  std::string_view KeepText(std::string made, std::size_t line);

  // Appends the rows of a part of the output, each with the cells in `shared`.
  // A name that is in both is noted as a repeat.
  void Append(Rows&& part, std::span<const Cell> shared);

  // Sets a cell of the row started last to a text that is made of its line.
  void SetText(std::string_view name, std::string made);

  // The same for a number that is not finite and that no metric may take as its
  // value.
  void SetNotFinite(std::string_view name, std::string made);

  bool IsNotFinite(std::string_view cell) const {
    return not_finite_.contains(cell.data());
  }

  // Records that the cell is a part of the number `whole` in the output.
  void NoteCut(std::string_view cell, std::string_view whole) {
    cuts_.emplace(std::pair(cell.data(), cell.size()), whole);
  }

  // Empty: the cell is no part of a longer number.
  std::string_view FindCut(std::string_view cell) const;

  // The raw line of a cell, which in a row of many lines is not the row's.
  std::size_t LineOf(std::size_t row, std::string_view cell) const;

  // Records that `name` has a second meaning, from `line` on.
  void NoteRepeat(std::string_view name, std::size_t line);
  // 0: no second meaning.
  std::size_t RepeatLine(std::string_view name) const;

  bool has_repeats() const { return !repeats_.empty(); }

  struct Doubt {
    std::size_t line{};
    std::string why{};  // a sentence that begins with a quoted field
  };

  // Records that a field of `line` may belong to `column`; the first one stays.
  void NoteDoubt(std::size_t column, std::size_t line, std::string why);
  // Null: none. Valid until the next one is noted.
  const Doubt* FindDoubt(std::size_t column) const;

  bool has_doubts() const { return !doubts_.empty(); }

  // Counts a line that the format could not use; keeps the first.
  void AddUnmatched(std::string_view line);

  // Lines that the format could not use, and the first of them. None: the
  // format reads no lines.
  std::optional<std::uint64_t> unmatched_lines{};
  std::string first_unmatched{};
  // What the format left out beside lines.
  Drops drops{};
  // The columns come from a header, which names all possible columns.
  bool has_header{};
  // The line that was read as the header; 0: none.
  std::size_t header_line{};
  // A name that no column has can come in no row: the columns are those of a
  // header or of the configuration, and not just what was found.
  bool has_closed_names{};
  // The key `missing` may name texts of the fields.
  bool can_be_missing{};
  // The exit status of the run, for the field `_exit_code`.
  int exit_code{};
  // The parsed text, for LineOf; see FormatInput.
  std::string_view text{};
  std::span<const std::uint32_t> raw_lines{};

 private:
  struct OwnText {
    std::string text{};
    std::size_t line{};
  };

  using OwnTexts = std::deque<OwnText>;  // so that views stay valid

  // Null: it is no such text.
  const OwnText* FindOwn(std::string_view cell) const;

  std::deque<std::string> columns_;
  std::unordered_map<std::string_view, std::size_t> index_;  // into columns_
  std::vector<std::size_t> lines_;
  std::vector<std::size_t> begins_;  // start of each row in cells_
  std::vector<Cell> cells_;
  std::vector<std::size_t> last_rows_;  // of each column: rows up to its last
  OwnTexts owned_;
  std::list<OwnTexts> adopted_;  // of appended parts
  std::unordered_map<std::string, std::size_t> repeats_;
  std::unordered_set<const char*> not_finite_;  // in owned_
  // The whole numbers, by begin and size of the cells.
  std::map<std::pair<const char*, std::size_t>, std::string_view> cuts_;
  std::unordered_map<std::size_t, Doubt> doubts_;  // by column
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_ROWS_HPP_
