// The format "number": the whole output is one number, the field `value`.
//
// For `echo 12`, `wc -l < file`, `cat /sys/...`. Blanks and newlines around the
// number are ignored; other text is not. The metric decides whether the text is
// a number, because it knows the unit that may follow.
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
