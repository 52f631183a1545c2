// The format "table": one row for each line, fields by the names of the header
// or of `columns`.
//
// Fields aligned by blanks belong to the name that they stand under
// (table/aligned_table.hpp). A separator other than blanks ends each field
// (table/separated_table.hpp).
//
// `_` in `columns` discards. A name that a header has twice cannot be used,
// because it is ambiguous (netstat's "Local Address  Foreign Address").
#include <algorithm>

#include "collectors/formats/format.hpp"
#include "collectors/formats/table/aligned_table.hpp"
#include "collectors/formats/table/separated_table.hpp"

namespace command_exporter {

Result<Rows, Failure> ParseTable(const FormatInput& input,
                                 const FormatConfig& config) {
  if (IsAlignedBy(config.separator)) {
    return AlignedTable(input, config,
                        std::max<std::size_t>(1, config.separator.size()))
        .Parse();
  }
  return SeparatedTable(input, config).Parse();
}

}  // namespace command_exporter
