#include "collectors/formats/rows.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace command_exporter {

std::size_t Rows::AddColumn(std::string_view name) {
  const auto found = index_.find(name);
  if (found != index_.end()) {
    return found->second;
  }
  const std::size_t column = columns_.size();
  columns_.emplace_back(name);
  index_.emplace(columns_.back(), column);
  last_rows_.push_back(0);
  return column;
}

std::size_t Rows::FindColumn(std::string_view name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? kNoColumn : found->second;
}

void Rows::StartRow(std::size_t line) {
  lines_.push_back(line);
  begins_.push_back(cells_.size());
}

bool Rows::Set(std::size_t column, std::string_view value) {
  if (last_rows_[column] == size()) {
    return false;
  }
  last_rows_[column] = size();
  cells_.push_back({column, value});
  return true;
}

std::size_t Rows::AddNamedColumn(std::string_view name, std::size_t line) {
  if (name == "_" || name.empty()) {
    return kNoColumn;
  }
  const std::size_t before = columns_.size();
  const std::size_t column = AddColumn(name);
  if (column == before) {
    return column;
  }
  NoteRepeat(name, line);
  return kNoColumn;
}

void Rows::AddRow(std::size_t line, std::span<const std::size_t> columns,
                  std::span<const std::string_view> fields) {
  StartRow(line);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (columns[i] != kNoColumn) {
      Set(columns[i], fields[i]);
    }
  }
}

std::span<const Rows::Cell> Rows::Cells(std::size_t row) const {
  const std::size_t begin = begins_[row];
  const std::size_t end =
      row + 1 < begins_.size() ? begins_[row + 1] : cells_.size();
  return std::span(cells_).subspan(begin, end - begin);
}

std::optional<std::string_view> Rows::Get(std::size_t row,
                                          std::size_t column) const {
  const std::span<const Cell> cells = Cells(row);
  if (column < cells.size() && cells[column].column == column) {
    return cells[column].value;
  }
  for (const Cell& cell : cells) {
    if (cell.column == column) {
      return cell.value;
    }
  }
  return std::nullopt;
}

std::string_view Rows::KeepText(std::string made, std::size_t line) {
  return owned_.emplace_back(OwnText{std::move(made), line}).text;
}

void Rows::Append(Rows&& part, std::span<const Cell> shared) {
  std::vector<std::size_t> columns;
  columns.reserve(part.columns_.size());
  for (const std::string& name : part.columns_) {
    columns.push_back(AddColumn(name));
  }
  for (std::size_t row = 0; row < part.size(); ++row) {
    StartRow(part.line(row));
    for (const Cell& cell : shared) {
      Set(cell.column, cell.value);
    }
    for (const Cell& cell : part.Cells(row)) {
      const std::string& name = part.columns_[cell.column];
      if (!Set(columns[cell.column], cell.value) && RepeatLine(name) == 0) {
        NoteRepeat(name, LineOf(size() - 1, cell.value));
      }
    }
  }
  repeats_.merge(part.repeats_);
  for (auto& [column, doubt] : part.doubts_) {
    doubts_.emplace(columns[column], std::move(doubt));
  }
  not_finite_.merge(part.not_finite_);
  cuts_.merge(part.cuts_);
  has_header = has_header || part.has_header;
  header_line = header_line == 0 ? part.header_line : header_line;
  if (part.unmatched_lines.value_or(0) > 0 &&
      unmatched_lines.value_or(0) == 0) {
    first_unmatched = part.first_unmatched;
  }
  if (part.unmatched_lines) {
    unmatched_lines = unmatched_lines.value_or(0) + *part.unmatched_lines;
  }
  drops.Add(part.drops);
  if (!part.owned_.empty()) {
    adopted_.push_back(std::move(part.owned_));
  }
  adopted_.splice(adopted_.end(), part.adopted_);
}

void Rows::SetText(std::string_view name, std::string made) {
  Set(AddColumn(name), KeepText(std::move(made), lines_.back()));
}

void Rows::SetNotFinite(std::string_view name, std::string made) {
  const std::string_view number = KeepText(std::move(made), lines_.back());
  not_finite_.insert(number.data());
  Set(AddColumn(name), number);
}

std::string_view Rows::FindCut(std::string_view cell) const {
  const auto found = cuts_.find(std::pair(cell.data(), cell.size()));
  return found == cuts_.end() ? std::string_view{} : found->second;
}

const Rows::OwnText* Rows::FindOwn(std::string_view cell) const {
  const auto find = [cell](const OwnTexts& texts) -> const OwnText* {
    const auto own = std::ranges::find_if(texts, [cell](const OwnText& made) {
      return made.text.data() == cell.data();
    });
    return own == texts.end() ? nullptr : &*own;
  };
  const OwnText* own = find(owned_);
  for (const OwnTexts& texts : adopted_) {
    own = own == nullptr ? find(texts) : own;
  }
  return own;
}

std::size_t Rows::LineOf(std::size_t row, std::string_view cell) const {
  const std::less<const char*> before;
  const char* const end = text.data() + text.size();
  if (before(cell.data(), text.data()) || before(end, cell.data())) {
    const OwnText* const own = FindOwn(cell);
    return own == nullptr ? line(row) : own->line;
  }
  const auto index =
      static_cast<std::size_t>(std::count(text.data(), cell.data(), '\n'));
  return index < raw_lines.size() ? raw_lines[index] : index + 1;
}

void Rows::NoteRepeat(std::string_view name, std::size_t line) {
  repeats_.emplace(name, line);
}

std::size_t Rows::RepeatLine(std::string_view name) const {
  const auto found = repeats_.find(std::string(name));
  return found == repeats_.end() ? 0 : found->second;
}

void Rows::NoteDoubt(std::size_t column, std::size_t line, std::string why) {
  doubts_.emplace(column, Doubt{line, std::move(why)});
}

const Rows::Doubt* Rows::FindDoubt(std::size_t column) const {
  const auto found = doubts_.find(column);
  return found == doubts_.end() ? nullptr : &found->second;
}

void Rows::AddUnmatched(std::string_view line) {
  if (unmatched_lines.value_or(0) == 0) {
    first_unmatched = line;
  }
  unmatched_lines = unmatched_lines.value_or(0) + 1;
}

}  // namespace command_exporter
