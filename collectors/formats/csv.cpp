// The format "csv": one row a record, RFC 4180.
// https://www.rfc-editor.org/rfc/rfc4180
//
// A field may be in quotes and then contain separators, newlines and doubled
// quotes. All records must have as many fields as the header (or `columns`):
// another number is an error of the program, and its values could be assigned
// to wrong columns. Empty lines are skipped; CRLF ends a line as LF does.
#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "collectors/formats/format.hpp"
#include "collectors/formats/header_checks.hpp"
#include "collectors/formats/line_reader.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

Failure Fault(std::size_t line, const std::string& what) {
  return {Reason::kParse, "line " + std::to_string(line) + ": " + what};
}

class CsvParser {
 public:
  CsvParser(const FormatInput& input, const FormatConfig& config)
      : config_(config),
        separator_(config.separator.empty() ? std::string_view(",")
                                            : config.separator),
        raw_lines_(input.raw_lines),
        rest_(input.out) {}

  Result<Rows, Failure> Parse() {
    for (const std::string& name : config_.columns) {
      columns_.push_back(rows_.AddNamedColumn(name, 1));
    }
    bool header_is_next = config_.header;
    while (!rest_.empty()) {
      if (SkipLineEnd()) {
        continue;
      }
      const std::size_t line = Line();
      if (auto failure = ReadRecord()) {
        return std::move(*failure);
      }
      if (rows_.header_line == 0 && rows_.size() == 0 && HasBlanksAhead()) {
        line_with_blanks_ = line;
      }
      auto failure = header_is_next ? ReadHeader(line) : AddRow(line);
      if (failure) {
        return *std::move(failure);
      }
      header_is_next = false;
    }
    return std::move(rows_);
  }

 private:
  // The parser's line number in the raw output.
  std::size_t Line() const {
    return index_ < raw_lines_.size() ? raw_lines_[index_] : index_ + 1;
  }

  bool SkipLineEnd() {
    const std::size_t length =
        rest_.starts_with("\r\n") ? 2 : (rest_.starts_with('\n') ? 1 : 0);
    rest_.remove_prefix(length);
    index_ += length > 0 ? 1 : 0;
    return length > 0;
  }

  // A blank behind each separator is not meant as a part of the fields.
  bool HasBlanksAhead() const {
    return config_.trim.empty() && blanks_ahead_ > 0 &&
           blanks_ahead_ + 1 == fields_.size();
  }

  // Reads the fields of the next record and its line end.
  std::optional<Failure> ReadRecord() {
    fields_.clear();
    blanks_ahead_ = 0;
    while (true) {
      auto failure = rest_.starts_with('"') ? ReadQuoted() : ReadPlain();
      if (failure) {
        return failure;
      }
      if (rest_.starts_with(separator_)) {
        rest_.remove_prefix(separator_.size());
        continue;
      }
      if (!rest_.empty() && !SkipLineEnd()) {
        return Fault(Line(), "after a closing quote there is \"" +
                                 Printable(rest_.substr(0, 1)) +
                                 "\"; a quote inside quotes is doubled");
      }
      return std::nullopt;
    }
  }

  // The length of the rest of the line. Searched once for each line, not for
  // each field.
  std::size_t LineLength() {
    if (std::less<>()(line_end_, rest_.data())) {
      const std::size_t length = rest_.find('\n');
      line_end_ = rest_.data() + std::min(length, rest_.size());
    }
    return static_cast<std::size_t>(line_end_ - rest_.data());
  }

  std::optional<Failure> ReadPlain() {
    // Searched only within the line: with a single column, a search without
    // this bound would read the whole rest for each record.
    const std::string_view line = rest_.substr(0, LineLength());
    const std::size_t end = std::min(line.find(separator_), line.size());
    std::string_view field = line.substr(0, end);
    if (end == line.size() && end < rest_.size() && field.ends_with('\r')) {
      field.remove_suffix(1);
    }
    if (field.find('\r') != std::string_view::npos) {
      return CrInLine("line " + std::to_string(Line()));
    }
    blanks_ahead_ += IsBehindBlank(field) ? 1U : 0U;
    if (field.find('"') != std::string_view::npos) {
      return Fault(Line(), "a quote inside the field \"" + Printable(field) +
                               "\", which does not begin with one");
    }
    rest_.remove_prefix(field.size());
    Add(field);
    return std::nullopt;
  }

  std::optional<Failure> ReadQuoted() {
    const std::size_t opened = Line();
    rest_.remove_prefix(1);
    bool doubled = false;
    std::size_t end = rest_.find('"');
    while (end != std::string_view::npos && rest_.substr(end + 1, 1) == "\"") {
      doubled = true;
      end = rest_.find('"', end + 2);
    }
    if (end == std::string_view::npos) {
      return Fault(opened, "the quote that begins here is never closed");
    }
    const std::string_view field = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    Add(doubled ? Undoubled(field, opened) : field);
    index_ += static_cast<std::size_t>(std::ranges::count(field, '\n'));
    return std::nullopt;
  }

  // And not the first.
  bool IsBehindBlank(std::string_view field) const {
    return !fields_.empty() &&
           (field.starts_with(' ') || field.starts_with('\t'));
  }

  std::string_view Undoubled(std::string_view field, std::size_t line) {
    std::string text;
    text.reserve(field.size());
    for (std::size_t i = 0; i < field.size(); ++i) {
      text += field[i];
      i += field[i] == '"' ? 1U : 0U;
    }
    return rows_.KeepText(std::move(text), line);
  }

  void Add(std::string_view field) {
    fields_.push_back(config_.trim.empty() ? field
                                           : Strip(field, config_.trim));
  }

  std::optional<Failure> ReadHeader(std::size_t line) {
    rows_.header_line = line;
    header_ = fields_;
    if (!config_.columns.empty()) {
      const std::string where = "line " + std::to_string(line);
      auto failure = CheckIsHeader(fields_, config_, where);
      return failure ? failure : CheckOrder(fields_, config_, where);
    }
    rows_.has_header = true;
    for (const std::string_view name : fields_) {
      columns_.push_back(rows_.AddNamedColumn(name, line));
    }
    return std::nullopt;
  }

  std::optional<Failure> AddRow(std::size_t line) {
    if (IsHeaderAgain(fields_, header_)) {
      return HeaderAgain("line " + std::to_string(line));
    }
    if (IsUnexpectedHeader(fields_, config_)) {
      return UnexpectedHeader("line " + std::to_string(line));
    }
    if (fields_.size() != columns_.size()) {
      return Ragged(line);
    }
    if (line_with_blanks_ > 0) {
      return Fault(line_with_blanks_,
                   "every field but the first begins with a blank: write trim "
                   "= \" \"");
    }
    rows_.AddRow(line, columns_, fields_);
    return std::nullopt;
  }

  Failure Ragged(std::size_t line) const {
    return Fault(
        line,
        "the record has " + std::to_string(fields_.size()) +
            (fields_.size() == 1 ? " field" : " fields") + ", but " +
            (config_.columns.empty() ? "the header has " : "columns names ") +
            std::to_string(columns_.size()) +
            (config_.columns.empty() ? " (set columns?)" : ""));
  }

  const FormatConfig& config_;
  std::string_view separator_;
  std::span<const std::uint32_t> raw_lines_;
  std::string_view rest_;
  const char* line_end_ = nullptr;  // end of the line where the rest begins
  std::size_t index_ = 0;           // number of lines read
  Rows rows_;
  std::vector<std::size_t> columns_;  // the column of each field
  std::vector<std::string_view> fields_;
  std::size_t line_with_blanks_ = 0;  // the first record, if it has them
  std::size_t blanks_ahead_ = 0;      // unquoted fields that begin with a blank
  std::vector<std::string_view> header_;
};

}  // namespace

Result<Rows, Failure> ParseCsv(const FormatInput& input,
                               const FormatConfig& config) {
  return CsvParser(input, config).Parse();
}

}  // namespace command_exporter
