// The format "regex": one row a match, its fields are the named groups.
//
// A pattern whose only group has no name gives the field `value`. Scope "line"
// looks at each line by itself (and every match in it), scope "text" at the
// output as a whole. A group that took no part in the match is a field that
// the row does not have; `_` discards.
#include <algorithm>
#include <string>
#include <utility>

#include "collectors/formats/format.hpp"

namespace command_exporter {
namespace {

class Matcher {
 public:
  Matcher(const Pattern& pattern, Rows& rows) : pattern_(pattern), rows_(rows) {
    const std::vector<std::string>& names = pattern.group_names();
    const bool only_plain = names.size() == 1 && names.front().empty();
    for (const std::string& name : names) {
      if (only_plain) {
        columns_.push_back(rows.AddColumn("value"));
      } else if (name.empty() || name == "_") {
        columns_.push_back(Rows::kNoColumn);
      } else {
        columns_.push_back(rows.AddColumn(name));
      }
    }
  }

  // Finds the first match at or after the end of the one before.
  bool Next(std::string_view text) {
    if (from_ > text.size() || !pattern_.Find(text, from_, groups_)) {
      return false;
    }
    begin_ = static_cast<std::size_t>(groups_[0].data() - text.data());
    from_ = begin_ + groups_[0].size();
    if (groups_[0].empty()) {
      ++from_;
    }
    return true;
  }

  void Restart() { from_ = 0; }

  std::size_t begin() const { return begin_; }

  void AddRow(std::size_t line) {
    rows_.StartRow(line);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i] != Rows::kNoColumn && groups_[i + 1].data() != nullptr) {
        rows_.Set(columns_[i], groups_[i + 1]);
      }
    }
  }

 private:
  const Pattern& pattern_;
  Rows& rows_;
  std::vector<std::size_t> columns_;  // of the groups
  std::vector<std::string_view> groups_;
  std::size_t begin_ = 0;
  std::size_t from_ = 0;
};

// Both end at one match more than there may be.
void MatchText(const FormatInput& input, Matcher& matcher, const Rows& rows) {
  std::size_t counted = 0;
  std::size_t line = 1;
  while (rows.size() <= input.max_lines && matcher.Next(input.out)) {
    const std::string_view between =
        input.out.substr(counted, matcher.begin() - counted);
    line += static_cast<std::size_t>(
        std::count(between.begin(), between.end(), '\n'));
    counted = matcher.begin();
    matcher.AddRow(line <= input.raw_lines.size() ? input.raw_lines[line - 1]
                                                  : line);
  }
}

void MatchLines(const FormatInput& input, Matcher& matcher, Rows& rows) {
  rows.unmatched_lines = 0;
  LineReader reader(input);
  while (reader.Next()) {
    const std::size_t before = rows.size();
    matcher.Restart();
    while (rows.size() <= input.max_lines && matcher.Next(reader.line())) {
      matcher.AddRow(reader.number());
    }
    const bool blank =
        reader.line().find_first_not_of(" \t\r") == std::string_view::npos;
    if (rows.size() == before && !blank) {
      rows.AddUnmatched(reader.line());
    }
  }
}

}  // namespace

Result<Rows, Failure> ParsePattern(const FormatInput& input,
                                   const Pattern& pattern, bool text_scope) {
  Rows rows;
  Matcher matcher(pattern, rows);
  if (text_scope) {
    MatchText(input, matcher, rows);
  } else {
    MatchLines(input, matcher, rows);
  }
  if (rows.size() > input.max_lines) {
    return Failure{Reason::kSampleLimit,
                   "the pattern matches more than " +
                       std::to_string(input.max_lines) +
                       " times; make it match less, or raise max_samples"};
  }
  return rows;
}

Result<Rows, Failure> ParseRegex(const FormatInput& input,
                                 const FormatConfig& config) {
  if (!config.pattern) {
    return Rows{};
  }
  return ParsePattern(input, *config.pattern, config.text_scope);
}

}  // namespace command_exporter
