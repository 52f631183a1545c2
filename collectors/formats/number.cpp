// The format "number": the whole output is one number, the field `value`.
//
// `echo 12`, `wc -l < file`, `cat /sys/...`: blanks and newlines around it do
// not count, anything else does. Whether the text is a number is decided by
// the metric, which knows the unit that may follow it.
#include "collectors/formats/format.hpp"
#include "collectors/formats/line_reader.hpp"
#include "core/base/text.hpp"

namespace command_exporter {

Result<Rows, Failure> ParseNumberFormat(const FormatInput& input,
                                        const FormatConfig& /*config*/) {
  Rows rows;
  LineReader reader(input);
  while (reader.Next()) {
    const std::string_view text = Trim(reader.line());
    if (text.empty()) {
      continue;
    }
    if (rows.size() > 0) {
      return Failure{Reason::kParse, reader.Where() +
                                         ": expected one number and nothing "
                                         "else, but there is also \"" +
                                         Printable(text) + "\""};
    }
    rows.StartRow(reader.number());
    rows.Set(rows.AddColumn("value"), text);
  }
  if (rows.size() == 0) {
    return Failure{Reason::kParse,
                   "expected one number, but the output is empty"};
  }
  return rows;
}

}  // namespace command_exporter
