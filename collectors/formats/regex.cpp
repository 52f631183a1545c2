// The format "regex": one row for each match; its fields are the named groups.
//
// A pattern with only one, unnamed group gives the field `value`. Scope "line"
// searches each line separately (for every match), scope "text" the whole
// output. A group that did not match gives no field; `_` discards.
//
// RE2 finds one match in linear time, but a pattern such as `a([^c]*c)?`
// searches the whole rest for each match. Therefore the time limit is checked
// between matches.
#include <algorithm>
#include <optional>
#include <string>

#include "collectors/formats/cut_number.hpp"
#include "collectors/formats/format.hpp"
#include "collectors/formats/line_reader.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

class Matcher {
 public:
  Matcher(const Pattern& pattern, const FormatInput& input, Rows& rows)
      : pattern_(pattern),
        rows_(rows),
        most_rows_(input.max_lines),
        until_(Clock::now() + input.time_limit) {
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

  // Finds the first match at or after the end of the last one. False if there
  // is none, or when a limit is reached.
  bool Next(std::string_view text) {
    if (IsAtLimit() || from_ > text.size() ||
        !pattern_.Find(text, from_, groups_)) {
      return false;
    }
    text_ = text;
    begin_ = static_cast<std::size_t>(groups_[0].data() - text.data());
    from_ = begin_ + groups_[0].size();
    if (groups_[0].empty()) {  // move on to the next character
      from_ += std::max<std::size_t>(Utf8Length(text.substr(from_)), 1);
    }
    return true;
  }

  void Restart() { from_ = 0; }

  // The limit that was reached.
  const std::optional<Failure>& failure() const { return failure_; }

  std::size_t begin() const { return begin_; }

  void AddRow(std::size_t line) {
    rows_.StartRow(line);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i] != Rows::kNoColumn && groups_[i + 1].data() != nullptr) {
        rows_.Set(columns_[i], groups_[i + 1]);
        const std::string_view whole =
            NumberAround(text_, groups_[0], groups_[i + 1]);
        if (!whole.empty()) {
          rows_.NoteCut(groups_[i + 1], whole);
        }
      }
    }
  }

 private:
  bool IsAtLimit() {
    constexpr std::size_t kClockEvery = 16;
    if (failure_) {
      return true;
    }
    if (rows_.size() > most_rows_) {
      failure_ = TooManyMatches(most_rows_);
    } else if (++looks_ % kClockEvery == 0 && Clock::now() >= until_) {
      failure_ = {Reason::kTimeout,
                  "the pattern was not through the output in time, with " +
                      std::to_string(rows_.size()) +
                      " matches; look for a part of it that reads on to the "
                      "end of a long line, such as [^x]*"};
    }
    return failure_.has_value();
  }

  const Pattern& pattern_;
  Rows& rows_;
  const std::size_t most_rows_;
  const Clock::time_point until_;
  std::optional<Failure> failure_;
  std::size_t looks_ = 0;
  std::vector<std::size_t> columns_;  // of the groups
  std::string_view text_;             // that was searched
  std::vector<std::string_view> groups_;
  std::size_t begin_ = 0;
  std::size_t from_ = 0;
};

void MatchText(const FormatInput& input, Matcher& matcher) {
  std::size_t counted = 0;
  std::size_t line = 1;
  while (matcher.Next(input.out)) {
    const std::string_view between =
        input.out.substr(counted, matcher.begin() - counted);
    line += static_cast<std::size_t>(std::ranges::count(between, '\n'));
    counted = matcher.begin();
    matcher.AddRow(line <= input.raw_lines.size() ? input.raw_lines[line - 1]
                                                  : line);
  }
}

void MatchLines(const FormatInput& input, Matcher& matcher, Rows& rows) {
  rows.unmatched_lines = 0;
  LineReader reader(input);
  while (!matcher.failure() && reader.Next()) {
    const std::size_t before = rows.size();
    matcher.Restart();
    while (matcher.Next(reader.line())) {
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

Failure TooManyMatches(std::size_t most) {
  return {Reason::kSampleLimit,
          "the pattern matches more than " + std::to_string(most) +
              " times; make it match less, or raise max_samples"};
}

Result<Rows, Failure> ParsePattern(const FormatInput& input,
                                   const Pattern& pattern, bool text_scope) {
  Rows rows;
  Matcher matcher(pattern, input, rows);
  if (text_scope) {
    MatchText(input, matcher);
  } else {
    MatchLines(input, matcher, rows);
  }
  if (matcher.failure()) {
    return *matcher.failure();
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
