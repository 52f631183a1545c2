#include "collectors/formats/record_cutter.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/base/text.hpp"

namespace command_exporter {

RecordCutter::RecordCutter(const FormatInput& input, const FormatConfig& config)
    : input_(input),
      record_(*config.record),
      keeps_line_(config.format == Format::kRegex) {
  if (input_.raw_lines.empty()) {
    const auto lines = std::ranges::count(input.out, '\n') + 1;
    counted_.resize(static_cast<std::size_t>(lines));
    std::iota(counted_.begin(), counted_.end(), std::uint32_t{1});
    input_.raw_lines = counted_;
  }
  std::string_view rest = input.out;
  std::string_view text;
  std::vector<std::string_view> groups;
  Line line;
  for (; NextLine(rest, text); ++line.index) {
    line.begin = line.end;
    line.end = input.out.size() - rest.size();
    if (record_.Find(text, 0, groups)) {
      EndAt(line);
      Begin(line);
      groups_.insert(groups_.end(), groups.begin() + 1, groups.end());
    } else if (lines_.empty() && !Trim(text).empty()) {
      first_unmatched_ = unmatched_lines_ == 0 ? text : first_unmatched_;
      ++unmatched_lines_;
    }
  }
  line.begin = line.end;
  EndAt(line);
}

void RecordCutter::Begin(const Line& line) {
  lines_.push_back(input_.raw_lines[line.index]);
  begin_ = line;
  if (!keeps_line_) {
    begin_.begin = line.end;
    ++begin_.index;
  }
}

void RecordCutter::EndAt(const Line& line) {
  if (lines_.empty()) {
    return;
  }
  FormatInput part = input_;
  part.out = input_.out.substr(begin_.begin, line.begin - begin_.begin);
  part.raw_lines =
      input_.raw_lines.subspan(begin_.index, line.index - begin_.index);
  part.first_line = lines_.back();
  parts_.push_back(part);
}

Result<Rows, Failure> RecordCutter::Read(const Parse& parse) const {
  Rows rows;
  rows.text = input_.out;
  rows.raw_lines = input_.raw_lines;
  rows.unmatched_lines = unmatched_lines_;
  rows.first_unmatched = first_unmatched_;
  const std::vector<std::string>& names = record_.group_names();
  std::vector<std::size_t> columns;
  for (const std::string& name : names) {
    const bool discards = name.empty() || name == "_";
    columns.push_back(discards ? Rows::kNoColumn : rows.AddColumn(name));
  }
  std::vector<Rows::Cell> cells;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    auto part = parse(parts_[i]);
    if (!part) {
      return part.error();
    }
    cells.clear();
    for (std::size_t j = 0; j < names.size(); ++j) {
      const std::string_view group = groups_[i * names.size() + j];
      if (columns[j] != Rows::kNoColumn && group.data() != nullptr) {
        cells.push_back({columns[j], group});
      }
    }
    rows.Append(*std::move(part), cells);
    if (rows.size() > input_.max_lines) {
      return TooManyMatches(input_.max_lines);
    }
  }
  return rows;
}

}  // namespace command_exporter
