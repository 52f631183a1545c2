// `record`: the output is cut before each line that the pattern matches.
//
// Its groups are fields beside those of the format, so a name that both have
// would be one field with two meanings. A pattern that matches the empty line
// matches every line, and would cut the output into single lines.
#include <algorithm>

#include "core/base/text.hpp"
#include "core/config/sections/sections.hpp"

namespace command_exporter {

namespace {

std::string RecordFault(const Pattern& record, const FormatConfig& format) {
  if (record.PartialMatch("")) {
    return "record matches the empty line, and so every line: write what only "
           "the first line of a record has, such as '^Device: '";
  }
  for (const std::string& name : record.group_names()) {
    if (const auto fault = BuiltInFault(name); !fault.empty()) {
      return "record: " + fault;
    }
    if (name != "_" &&
        std::ranges::find(format.columns, name) != format.columns.end()) {
      return "record has a group " + Quote(name) +
             ", which is also in columns: rename one";
    }
  }
  const std::string shared =
      format.pattern ? SharedGroup(record, *format.pattern) : std::string{};
  return shared.empty() ? shared
                        : "record and pattern both give the field " +
                              Quote(shared) + ": rename one group";
}

}  // namespace

std::string SharedGroup(const Pattern& record, const Pattern& pattern) {
  const std::vector<std::string>& names = pattern.group_names();
  const bool gives_value = names.size() == 1 && names.front().empty();
  for (const std::string& name : record.group_names()) {
    const bool named = !name.empty() && name != "_";
    if (named &&
        (gives_value ? name == "value"
                     : std::ranges::find(names, name) != names.end())) {
      return name;
    }
  }
  return {};
}

void ReadRecord(const TableReader& reader, FormatConfig& format) {
  auto record = reader.Regex("record");
  if (!record) {
    return;
  }
  if (format.record_per_line) {
    reader.FailAt("record",
                  "records = \"line\" makes each line a record already: remove "
                  "record or records");
  }
  if (const auto fault = RecordFault(*record, format); !fault.empty()) {
    reader.FailAt("record", fault);
  }
  format.record = std::move(record);
}

}  // namespace command_exporter
