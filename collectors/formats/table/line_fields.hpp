// LineFields: the fields of one line and the positions where they stand.
//
// Fields are separated by a number of blanks or more, or by a tab. A line of
// plain ASCII without tabs has its positions for nothing: they are the offsets.
// Any other line is measured, and programs do not agree how: they pad by bytes
// (printf), by characters or by columns of a terminal. The callers try all
// three.
//
// Thread safety: none; one object for each parse, used for line after line.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_LINE_FIELDS_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_LINE_FIELDS_HPP_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "collectors/formats/table/place.hpp"
#include "collectors/formats/table/row_start.hpp"

namespace command_exporter {

// What a program counts when it pads a cell. A tab goes to the next multiple of
// eight, and lines, shapes and marks are one column in all of them.
enum class Measure : std::uint8_t { kColumns, kCharacters, kBytes };

struct TableField {
  std::size_t begin{};  // offsets in the line
  std::size_t end{};
  Place place{};
  bool is_tight{};  // one blank parts it from the field before
};

class LineFields {
 public:
  static constexpr std::size_t kAll = static_cast<std::size_t>(-1);

  // `least`: the blanks that separate two fields.
  explicit LineFields(std::size_t least) : least_(least) {}

  // Reads the fields, at most `limit` of them. Their positions are the offsets,
  // which is right if is_plain(). The line must stay as long as they are used.
  void Split(std::string_view line, const RowStart& start = {},
             std::size_t limit = kAll);

  // Neither a tab nor a character beyond ASCII as far as the line was read, and
  // no tree.
  bool is_plain() const { return is_plain_; }

  // Nothing beyond ASCII in the whole line, but for a tree or a mark.
  bool IsAscii() const;

  // Behind the last field. Requires: all fields were read.
  std::int64_t TabsBehind() const;

  // Gives all fields their positions, from the beginning of the line.
  void PlaceBy(Measure measure);

  std::size_t size() const { return fields_.size(); }

  const TableField& operator[](std::size_t index) const {
    return fields_[index];
  }

  std::span<const TableField> all() const { return fields_; }

  std::string_view line() const { return line_; }

  std::string_view Text(std::size_t index) const { return Text(index, index); }

  std::vector<std::string_view> Texts() const;

  // With what stands between them.
  std::string_view Text(std::size_t first, std::size_t last) const {
    return line_.substr(fields_[first].begin,
                        fields_[last].end - fields_[first].begin);
  }

 private:
  // The end of the field that begins at `begin`.
  std::size_t FindEnd(std::size_t begin);

  std::size_t least_;
  std::string_view line_;
  RowStart start_;
  bool is_plain_ = true;
  std::vector<TableField> fields_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_LINE_FIELDS_HPP_
