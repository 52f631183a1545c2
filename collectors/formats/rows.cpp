#include "collectors/formats/rows.hpp"

#include <algorithm>
#include <functional>

namespace command_exporter {

std::size_t Rows::AddColumn(std::string_view name) {
  const auto found = index_.find(name);
  if (found != index_.end()) {
    return found->second;
  }
  const std::size_t column = columns_.size();
  columns_.emplace_back(name);
  index_.emplace(columns_.back(), column);
  return column;
}

std::size_t Rows::FindColumn(std::string_view name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? kNoColumn : found->second;
}

void Rows::StartRow(std::size_t line) {
  lines_.push_back(line);
  begins_.push_back(cells_.size());
  next_column_ = 0;
}

bool Rows::Set(std::size_t column, std::string_view value) {
  if (column >= next_column_) {
    next_column_ = column + 1;
  } else if (Get(size() - 1, column)) {
    return false;
  }
  cells_.push_back({column, value});
  return true;
}

std::optional<std::string_view> Rows::Get(std::size_t row,
                                          std::size_t column) const {
  const std::size_t begin = begins_[row];
  const std::size_t end =
      row + 1 < begins_.size() ? begins_[row + 1] : cells_.size();
  if (column < end - begin && cells_[begin + column].column == column) {
    return cells_[begin + column].value;
  }
  for (std::size_t i = begin; i < end; ++i) {
    if (cells_[i].column == column) {
      return cells_[i].value;
    }
  }
  return std::nullopt;
}

std::size_t Rows::LineOf(std::size_t row, std::string_view cell) const {
  const std::less<const char*> before;
  const char* const end = text.data() + text.size();
  if (before(cell.data(), text.data()) || before(end, cell.data())) {
    return line(row);
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

void Rows::AddUnmatched(std::string_view line) {
  if (unmatched_lines.value_or(0) == 0) {
    first_unmatched = line;
  }
  unmatched_lines = unmatched_lines.value_or(0) + 1;
}

}  // namespace command_exporter
