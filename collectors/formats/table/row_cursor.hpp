// RowCursor: goes through the lines of a table that are not blank.
//
// A copy goes on from the same line, so that rows can be read twice.
//
// Thread safety: none; one user each. The input must outlive it.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_CURSOR_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_CURSOR_HPP_

#include <cstddef>
#include <string>
#include <string_view>

#include "collectors/formats/format.hpp"
#include "collectors/formats/line_reader.hpp"
#include "collectors/formats/table/row_start.hpp"

namespace command_exporter {

class RowCursor {
 public:
  RowCursor(const FormatInput& input, const FormatConfig& config)
      : reader_(input),
        marks_(&config.marks) {}

  // The next line that is not blank. False at the end.
  bool NextLine();

  // The next one that has fields behind its tree or mark.
  bool NextRow();

  std::string_view line() const { return reader_.line(); }

  // Requires: NextRow() was true.
  const RowStart& start() const { return start_; }

  std::size_t number() const { return reader_.number(); }

  std::string Where() const { return reader_.Where(); }

 private:
  LineReader reader_;
  const std::optional<std::string>* marks_;
  RowStart start_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ROW_CURSOR_HPP_
