// SeparatedTable: a table whose fields are separated by a text, such as "|" or
// one tab.
//
// Every separator ends a field, so an empty field needs no positions to be
// found. A header that begins with the separator does not name the first field,
// which is then called `row`; a field more than the header has names fails,
// because nothing shows which of them has none.
//
// Thread safety: none; one object for each parse. Input and configuration must
// outlive it.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_SEPARATED_TABLE_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_SEPARATED_TABLE_HPP_

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "collectors/formats/format.hpp"
#include "collectors/formats/line_reader.hpp"

namespace command_exporter {

class SeparatedTable {
 public:
  SeparatedTable(const FormatInput& input, const FormatConfig& config);

  Result<Rows, Failure> Parse();

 private:
  static constexpr std::size_t kAll = static_cast<std::size_t>(-1);

  // With columns, the last takes the rest.
  std::size_t MostFields() const {
    return config_.columns.empty() ? kAll : config_.columns.size();
  }

  // The last of at most `most` fields takes the rest.
  void Split(std::string_view line, std::size_t most);
  std::optional<Failure> ReadHeader();
  std::optional<Failure> ReadRow();
  std::optional<Failure> ReadShortRow();

  const FormatConfig& config_;
  LineReader reader_;
  Rows rows_;
  std::vector<std::size_t> columns_;  // the column of each field
  std::vector<std::string_view> fields_;
  std::vector<std::string_view> header_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_SEPARATED_TABLE_HPP_
