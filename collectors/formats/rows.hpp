// Rows: what every format turns a command's output into.
//
// A format turns output into rows of named fields; a metric turns rows into
// samples. A cell is a view into the output (or into `owned`, where a format
// had to make text of its own), so Rows may not outlive the output it was
// parsed from.
//
// Thread safety: plain values.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_ROWS_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_ROWS_HPP_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace command_exporter {

class Rows {
 public:
  static constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);

  // The index of the column with this name, made if there is none.
  std::size_t AddColumn(std::string_view name);
  // kNoColumn when there is none.
  std::size_t FindColumn(std::string_view name) const;

  const std::vector<std::string>& columns() const { return columns_; }

  // `line` is the 1-based line of the raw output where the row begins.
  void StartRow(std::size_t line);
  // Sets a cell of the row started last.
  void Set(std::size_t column, std::string_view value);

  std::size_t size() const { return lines_.size(); }

  std::size_t line(std::size_t row) const { return lines_[row]; }

  // None: the row has no such field.
  std::optional<std::string_view> Get(std::size_t row,
                                      std::size_t column) const;

  // Lines that the format could not use, and the first of them.
  std::optional<std::uint64_t> unmatched_lines{};
  std::string first_unmatched{};
  // Text that is not part of the output; a deque, so that views stay valid.
  std::deque<std::string> owned{};

 private:
  std::vector<std::string> columns_;
  std::vector<std::size_t> lines_;
  std::vector<std::size_t> begins_;  // start of each row in cells_

  struct Cell {
    std::uint32_t column{};
    std::string_view value{};
  };

  std::vector<Cell> cells_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_ROWS_HPP_
