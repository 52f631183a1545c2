#include "collectors/formats/table/separated_table.hpp"

#include <algorithm>
#include <utility>

#include "collectors/formats/header_checks.hpp"
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
    auto failure = header_is_next ? ReadHeader() : ReadRow();
    if (failure) {
      return *std::move(failure);
    }
    header_is_next = false;
  }
  return std::move(rows_);
}

void SeparatedTable::Split(std::string_view line, std::size_t most) {
  fields_.clear();
  const auto add = [this](std::string_view field) {
    field = Strip(field, kTableBlanks);
    fields_.push_back(config_.trim.empty() ? field
                                           : Strip(field, config_.trim));
  };
  while (fields_.size() + 1 < most) {
    const std::size_t end = line.find(config_.separator);
    if (end == std::string_view::npos) {
      break;
    }
    add(line.substr(0, end));
    line.remove_prefix(end + config_.separator.size());
  }
  add(line);
}

std::optional<Failure> SeparatedTable::ReadHeader() {
  constexpr std::string_view kRow = "row";
  rows_.header_line = reader_.number();
  if (HasInnerCr(reader_.line())) {
    return CrInLine(reader_.Where());
  }
  Split(reader_.line(), kAll);
  if (!config_.columns.empty()) {
    auto failure = CheckIsHeader(fields_, config_, reader_.Where());
    failure = failure ? failure : CheckOrder(fields_, config_, reader_.Where());
    Split(reader_.line(), MostFields());
    header_ = fields_;
    return failure;
  }
  rows_.has_header = true;
  header_ = fields_;
  if (fields_.front().empty() &&
      std::ranges::find(fields_, kRow) == fields_.end()) {
    fields_.front() = kRow;
  }
  for (const std::string_view name : fields_) {
    columns_.push_back(rows_.AddNamedColumn(name, reader_.number()));
  }
  return std::nullopt;
}

std::optional<Failure> SeparatedTable::ReadRow() {
  Split(reader_.line(), MostFields());
  if (IsHeaderAgain(fields_, header_)) {
    return HeaderAgain(reader_.Where());
  }
  if (IsUnexpectedHeader(fields_, config_)) {
    return UnexpectedHeader(reader_.Where());
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
