#include "collectors/formats/table/aligned_table.hpp"

#include <algorithm>
#include <utility>

#include "collectors/formats/header_checks.hpp"
#include "collectors/formats/table/row_name.hpp"
#include "collectors/formats/table/row_rules.hpp"
#include "collectors/formats/table/short_row.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

constexpr std::string_view kWhichWords =
    "it is not clear which words of the header are one name: write columns as "
    "the header has them";

Failure Fault(std::string message) {
  return {Reason::kParse, std::move(message)};
}

}  // namespace

AlignedTable::AlignedTable(const FormatInput& input, const FormatConfig& config,
                           std::size_t least)
    : input_(input),
      config_(config),
      least_(least),
      shape_{.takes_rest = !config.columns.empty(), .is_wide = least > 1},
      cursor_(input, config),
      fields_(least) {
  rows_.unmatched_lines = 0;
}

Result<Rows, Failure> AlignedTable::Parse() {
  for (const std::string& name : config_.columns) {
    columns_.push_back(rows_.AddNamedColumn(name, 1));
  }
  if (config_.header && cursor_.NextLine()) {
    if (auto failure = ReadHeader()) {
      return *std::move(failure);
    }
  }
  while (cursor_.NextRow()) {
    if (auto failure = ReadRow()) {
      return *std::move(failure);
    }
  }
  if (missing_full_rows_ > 0) {
    return UnknownGrouping();
  }
  return std::move(rows_);
}

void AlignedTable::AddColumn(std::string_view name) {
  columns_.push_back(rows_.AddNamedColumn(name, cursor_.number()));
}

std::optional<Failure> AlignedTable::ReadHeader() {
  if (HasInnerCr(cursor_.line())) {
    return CrInLine(cursor_.Where());
  }
  header_.emplace(cursor_.line(), least_);
  rows_.header_line = cursor_.number();
  shape_.has_ascii_header = header_->is_ascii();
  shape_.tabs_behind_header = header_->TabsBehind();
  shape_.has_all_words =
      config_.columns.empty() || header_->size() == config_.columns.size();
  if (shape_.takes_rest) {
    return FindPlaces();
  }
  rows_.has_header = true;
  for (std::size_t word = 0; word < header_->size(); ++word) {
    AddColumn(header_->Word(word));
  }
  places_ = header_->Places(header_->Groupings({}).front());
  shape_.has_row_name = HaveRowNames(cursor_, places_.front(), least_);
  if (shape_.has_row_name) {
    AddColumn("row");
    std::rotate(columns_.begin(), columns_.end() - 1, columns_.end());
  }
  return std::nullopt;
}

std::optional<Failure> AlignedTable::FindPlaces() {
  const std::vector<std::string_view> words = header_->Words();
  if (auto failure = CheckIsHeader(words, config_, cursor_.Where())) {
    return failure;
  }
  auto groupings = header_->Groupings(config_.columns);
  if (groupings.empty()) {
    return Fault(cursor_.Where() + " is the header with " +
                 Counted(header_->size(), "name") + " for " +
                 Counted(columns_.size(), "column") +
                 ": write columns as the header has them, or skip it with "
                 "skip_lines and header = false: \"" +
                 Printable(cursor_.line()) + '"');
  }
  if (const auto wrong = header_->RemoveMisplaced(config_.columns, groupings)) {
    return WrongOrder(cursor_.Where(), config_.columns[wrong->column],
                      wrong->name, wrong->column);
  }
  if (groupings.size() == 1) {
    places_ = header_->Places(groupings.front());
    return std::nullopt;
  }
  for (RowCursor row = cursor_; row.NextRow();) {
    if (!row.start().unknown.empty()) {
      return Fault(ExplainMark(row.Where(), row.start().unknown));
    }
  }
  auto chosen = ChooseGrouping({.header = *header_,
                                .rows = cursor_,
                                .shape = shape_,
                                .least = least_,
                                .columns = columns_,
                                .until = Clock::now() + input_.time_limit},
                               groupings);
  if (!chosen) {
    return Explained(chosen.error());
  }
  places_ = std::move(chosen->places);
  missing_full_rows_ = chosen->full_rows;
  return std::nullopt;
}

std::optional<Failure> AlignedTable::CheckIsRow() {
  const std::string_view first =
      header_ ? header_->Word(0) : std::string_view(config_.columns.front());
  if (!Strip(cursor_.line().substr(cursor_.start().begin), kTableBlanks)
           .starts_with(first)) {
    return std::nullopt;
  }
  fields_.Split(cursor_.line(), cursor_.start());
  const std::vector<std::string_view> fields = fields_.Texts();
  if (header_ && IsHeaderAgain(fields, header_->Words())) {
    return HeaderAgain(cursor_.Where());
  }
  return IsUnexpectedHeader(fields, config_)
             ? std::optional(UnexpectedHeader(cursor_.Where()))
             : std::nullopt;
}

std::optional<Failure> AlignedTable::ReadRow() {
  if (auto failure = CheckIsRow()) {
    return failure;
  }
  if (!cursor_.start().unknown.empty()) {
    return Fault(ExplainMark(cursor_.Where(), cursor_.start().unknown));
  }
  if (ReadPlainRow()) {
    return std::nullopt;
  }
  fields_.Split(cursor_.line(), cursor_.start());
  const auto reading = ReadFields();
  if (!reading) {
    return Explained(TableProblem{.problem = reading.error(), .row = cursor_});
  }
  AddCells(*reading);
  return std::nullopt;
}

bool AlignedTable::ReadPlainRow() {
  const std::size_t names = columns_.size();
  fields_.Split(cursor_.line(), cursor_.start(),
                names + (shape_.takes_rest ? 0 : 1));
  if (fields_.size() != names) {
    return false;
  }
  if (header_) {
    const PlacedRow row = {
        .fields = fields_.all().subspan(shape_.has_row_name ? 1 : 0),
        .names = places_.front(),
        .takes_rest = shape_.takes_rest,
        .is_wide = shape_.is_wide};
    if (missing_full_rows_ > 0 || !shape_.has_ascii_header ||
        !fields_.is_plain() || !FitsNames(row)) {
      return false;
    }
  }
  texts_.clear();
  for (std::size_t i = 0; i < names; ++i) {
    texts_.push_back(Clean(fields_.Text(i)));
  }
  if (shape_.takes_rest) {
    texts_.back() = Clean(
        Strip(cursor_.line().substr(fields_[names - 1].begin), kTableBlanks));
  }
  rows_.AddRow(cursor_.number(), columns_, texts_);
  return true;
}

// What ReadPlainRow does not read without a header is short.
Result<RowReading, RowProblem> AlignedTable::ReadFields() {
  Result<RowReading, RowProblem> reading =
      RowProblem{.fault = RowFault::kTooShort};
  if (header_) {
    reading = ReadMeasuredRow(fields_, places_, shape_);
  }
  if (reading && reading->IsFull() && missing_full_rows_ > 0) {
    --missing_full_rows_;
  }
  return reading || fields_.size() >= columns_.size()
             ? reading
             : ReadShortRow(config_.short_rows, fields_.size(),
                            shape_.has_row_name ? 1 : 0, reading.error());
}

void AlignedTable::AddCells(const RowReading& reading) {
  if (reading.is_unmatched) {
    rows_.AddUnmatched(cursor_.line());
    return;
  }
  const std::size_t row_names = shape_.has_row_name ? 1 : 0;
  rows_.StartRow(cursor_.number());
  if (row_names > 0 && columns_.front() != Rows::kNoColumn) {
    rows_.Set(columns_.front(), Clean(fields_.Text(0)));
  }
  for (const TableCell& cell : reading.cells) {
    const std::size_t column = columns_[cell.name + row_names];
    if (column != Rows::kNoColumn) {
      rows_.Set(column, Clean(fields_.Text(cell.first, cell.last)));
    }
  }
  for (const TableDoubt& doubt : reading.doubts) {
    for (std::size_t i = doubt.first_name; i <= doubt.last_name; ++i) {
      const std::size_t column = columns_[i + row_names];
      if (column != Rows::kNoColumn && !rows_.FindDoubt(column)) {
        rows_.NoteDoubt(column, cursor_.number(),
                        Explain(doubt, Context(cursor_)));
      }
    }
  }
}

std::string_view AlignedTable::Clean(std::string_view text) const {
  return config_.trim.empty() ? text : Strip(text, config_.trim);
}

RowContext AlignedTable::Context(const RowCursor& row) const {
  RowContext context{.where = row.Where(),
                     .fields = fields_,
                     .row_names = shape_.has_row_name ? 1U : 0U,
                     .is_wide = shape_.is_wide};
  if (shape_.takes_rest) {
    context.names.assign(config_.columns.begin(), config_.columns.end());
    return context;
  }
  if (shape_.has_row_name) {
    context.names.emplace_back("row");
  }
  for (std::size_t word = 0; word < header_->size(); ++word) {
    context.names.push_back(header_->Word(word));
  }
  context.columns_to_paste = header_->ColumnsToPaste();
  return context;
}

Failure AlignedTable::Explained(const TableProblem& problem) {
  fields_.Split(problem.row.line(), problem.row.start());
  return Fault(Explain(problem.problem, Context(problem.row)));
}

Failure AlignedTable::Explained(const GroupingProblem& problem) {
  Failure failure = UnknownGrouping();
  if (problem.is_late) {
    return {Reason::kTimeout,
            failure.message + "; trying all possibilities took too long"};
  }
  if (!problem.row) {
    return failure;
  }
  Failure row = Explained(*problem.row);
  return problem.is_certain ? row
                            : Fault(failure.message + " (" + row.message + ")");
}

Failure AlignedTable::UnknownGrouping() const {
  return Fault("line " + std::to_string(rows_.header_line) + ": " +
               std::string(kWhichWords));
}

}  // namespace command_exporter
