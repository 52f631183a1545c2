// The format "table": one row for each line, columns by exact name.
//
// The names come from `columns`, else from the header. With `columns`, the last
// column takes the rest of the line (mount points may contain blanks). With a
// header, a row may be shorter (Swap in `free`) but not longer, with one
// exception: all rows may have one additional first field, which is then called
// `row`.
//
// `_` in `columns` discards. A name that a header has twice cannot be used,
// because it is ambiguous (netstat's "Local Address  Foreign Address").
#include <algorithm>
#include <utility>

#include "collectors/formats/format.hpp"
#include "collectors/formats/line_reader.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

constexpr std::string_view kBlanks = " \t\r\v\f";

// Splits lines into fields, at most `limit` of them: the last takes the rest.
// A separator of several blanks is so many or more of them: programs that align
// their columns by blanks print as many as it takes, and a name may hold one.
class Splitter {
 public:
  Splitter(const FormatConfig& config, std::size_t limit)
      : separator_(config.separator),
        trim_(config.trim),
        takes_runs_(separator_.empty() ||
                    (separator_.size() > 1 &&
                     separator_.find_first_not_of(' ') == separator_.npos)),
        limit_(limit) {}

  const std::vector<std::string_view>& Split(std::string_view line) {
    fields_.clear();
    std::string_view rest = takes_runs_ ? Strip(line, kBlanks) : line;
    while (fields_.size() + 1 < limit_) {
      const std::size_t end = separator_.empty() ? rest.find_first_of(kBlanks)
                                                 : rest.find(separator_);
      if (end == std::string_view::npos) {
        break;
      }
      Add(rest.substr(0, end));
      rest = takes_runs_
                 ? rest.substr(std::min(rest.find_first_not_of(kBlanks, end),
                                        rest.size()))
                 : rest.substr(end + separator_.size());
    }
    Add(rest);
    return fields_;
  }

 private:
  void Add(std::string_view field) {
    field = Strip(field, kBlanks);
    fields_.push_back(trim_.empty() ? field : Strip(field, trim_));
  }

  std::string_view separator_;
  std::string_view trim_;
  bool takes_runs_;
  std::size_t limit_;
  std::vector<std::string_view> fields_;
};

constexpr std::size_t kUnlimited = static_cast<std::size_t>(-1);

class TableParser {
 public:
  TableParser(const FormatInput& input, const FormatConfig& config)
      : config_(config),
        reader_(input),
        splitter_(config,
                  config.columns.empty() ? kUnlimited : config.columns.size()) {
    rows_.unmatched_lines = 0;
  }

  Result<Rows, Failure> Parse() {
    for (const std::string& name : config_.columns) {
      columns_.push_back(rows_.AddNamedColumn(name, 1));
    }
    bool header_is_next = config_.header;
    while (reader_.Next()) {
      if (Strip(reader_.line(), kBlanks).empty()) {
        continue;
      }
      if (header_is_next) {
        header_is_next = false;
        ReadHeader();
      } else if (!ReadRow()) {
        return TooLong();
      }
    }
    return std::move(rows_);
  }

 private:
  void AddColumn(std::string_view name) {
    columns_.push_back(rows_.AddNamedColumn(name, reader_.number()));
  }

  void ReadHeader() {
    if (!config_.columns.empty()) {
      return;
    }
    rows_.has_header = true;
    for (const std::string_view name : splitter_.Split(reader_.line())) {
      AddColumn(name);
    }
  }

  bool ReadRow() {
    const std::vector<std::string_view>& fields =
        splitter_.Split(reader_.line());
    // Not if the line ends in a separator, which shifts no column.
    if (rows_.size() == 0 && config_.columns.empty() &&
        fields.size() == columns_.size() + 1 && !fields.back().empty()) {
      AddColumn("row");
      std::rotate(columns_.begin(), columns_.end() - 1, columns_.end());
    }
    if (fields.size() > columns_.size()) {
      fields_ = fields.size();
      return false;
    }
    rows_.AddRow(reader_.number(), columns_, fields);
    return true;
  }

  Failure TooLong() const {
    return {Reason::kParse,
            reader_.Where() + " has " + std::to_string(fields_) +
                " fields, but the header has " +
                std::to_string(columns_.size()) + " (set columns?): \"" +
                Printable(reader_.line()) + "\""};
  }

  const FormatConfig& config_;
  LineReader reader_;
  Splitter splitter_;
  Rows rows_;
  std::vector<std::size_t> columns_;  // the column of each field
  std::size_t fields_ = 0;            // of the row that is too long
};

}  // namespace

Result<Rows, Failure> ParseTable(const FormatInput& input,
                                 const FormatConfig& config) {
  return TableParser(input, config).Parse();
}

}  // namespace command_exporter
