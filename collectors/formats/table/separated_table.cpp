#include "collectors/formats/table/separated_table.hpp"

#include <algorithm>
#include <utility>

#include "collectors/formats/table/row_start.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
SeparatedTable::SeparatedTable(const FormatInput& input,
                               const FormatConfig& config)
    : config_(config),
      reader_(input) {
  rows_.unmatched_lines = 0;
}

Result<Rows, Failure> SeparatedTable::Parse() {
  for (const std::string& name : config_.columns) {
    columns_.push_back(rows_.AddNamedColumn(name, 1));
  }
  bool header_is_next = config_.header;
  while (reader_.Next()) {
    if (Strip(reader_.line(), kTableBlanks).empty()) {
      continue;
    }
    Split(reader_.line());
    if (header_is_next) {
      header_is_next = false;
      ReadHeader();
    } else if (auto failure = ReadRow()) {
      return *std::move(failure);
    }
  }
  return std::move(rows_);
}

void SeparatedTable::AddColumn(std::string_view name) {
  columns_.push_back(rows_.AddNamedColumn(name, reader_.number()));
}

// With columns, the last takes the rest.
void SeparatedTable::Split(std::string_view line) {
  fields_.clear();
  const auto add = [this](std::string_view field) {
    field = Strip(field, kTableBlanks);
    fields_.push_back(config_.trim.empty() ? field
                                           : Strip(field, config_.trim));
  };
  while (config_.columns.empty() ||
         fields_.size() + 1 < config_.columns.size()) {
    const std::size_t end = line.find(config_.separator);
    if (end == std::string_view::npos) {
      break;
    }
    add(line.substr(0, end));
    line.remove_prefix(end + config_.separator.size());
  }
  add(line);
}

void SeparatedTable::ReadHeader() {
  if (!config_.columns.empty()) {
    return;
  }
  rows_.has_header = true;
  for (const std::string_view name : fields_) {
    AddColumn(name);
  }
}

std::optional<Failure> SeparatedTable::ReadRow() {
  // Not if the line ends in a separator, which shifts no column.
  if (rows_.size() == 0 && config_.columns.empty() &&
      fields_.size() == columns_.size() + 1 && !fields_.back().empty()) {
    AddColumn("row");
    std::rotate(columns_.begin(), columns_.end() - 1, columns_.end());
  }
  if (fields_.size() > columns_.size()) {
    return Failure{Reason::kParse,
                   reader_.Where() + " has " + std::to_string(fields_.size()) +
                       " fields, but the header has " +
                       std::to_string(columns_.size()) + " (set columns?): \"" +
                       Printable(reader_.line()) + '"'};
  }
  if (fields_.size() < columns_.size()) {
    return ReadShortRow();
  }
  rows_.AddRow(reader_.number(), columns_, fields_);
  return std::nullopt;
}

std::optional<Failure> SeparatedTable::ReadShortRow() {
  switch (config_.short_rows) {
    case ShortRows::kSkip:
      rows_.AddUnmatched(reader_.line());
      return std::nullopt;
    case ShortRows::kLeft:
      rows_.AddRow(reader_.number(), columns_, fields_);
      return std::nullopt;
    default:
      break;
  }
  return Failure{Reason::kParse,
                 reader_.Where() + " has " + std::to_string(fields_.size()) +
                     " of " + std::to_string(columns_.size()) +
                     " fields: remove such lines with drop_lines, or set "
                     "short_rows: \"" +
                     Printable(reader_.line()) + '"'};
}

}  // namespace command_exporter
