// The keys of rows in columns: names, header, marks, short rows.
#include <array>
#include <set>
#include <string>
#include <utility>

#include "core/base/text.hpp"
#include "core/config/sections/sections.hpp"

namespace command_exporter {
namespace {

// With `columns`, the result does not show that a row was read as the header.
void WarnOfHeader(const TableReader& reader) {
  constexpr std::array<std::string_view, 3> kFilters = {
      "skip_lines", "keep_lines", "drop_lines"};
  if (!reader.Has("columns") || reader.Has("header")) {
    return;
  }
  for (const std::string_view filter : kFilters) {
    if (reader.Has(filter)) {
      reader.Warn(reader.PositionOf(filter),
                  "the first line after " + std::string(filter) +
                      " is treated as the header and gives no row: write "
                      "header = false if it is not a header, else header = "
                      "true");
      return;
    }
  }
}

// The reason why `marks` is refused; empty if it is not.
std::string MarksFault(std::string_view marks) {
  constexpr std::size_t kMost = 16;
  std::size_t count = 0;
  for (std::string_view rest = marks; !rest.empty(); ++count) {
    const char first = rest.front();
    if (IsLetter(first) || IsDigit(first) || first == ' ') {
      return "marks holds " + Quote(rest.substr(0, 1)) +
             ": a mark is no letter, digit or blank; write only the characters "
             "that stand in front of a row, such as \"\u25CF*\"";
    }
    const std::size_t length = PrintableLength(rest);
    if (length == 0) {
      return "marks holds a character that cannot be seen: remove it";
    }
    rest.remove_prefix(length);
  }
  return count > kMost
             ? "marks has " + std::to_string(count) + " characters, at most " +
                   std::to_string(kMost) + " are possible"
             : std::string{};
}

void ReadRowKeys(const TableReader& reader, FormatConfig& format) {
  constexpr std::array<std::string_view, 3> kShortRows = {"fail", "skip",
                                                          "left"};
  if (const auto rows = reader.Choice("short_rows", kShortRows)) {
    format.short_rows = static_cast<ShortRows>(*rows);
  }
  format.marks = reader.Text("marks");
  if (!format.marks) {
    return;
  }
  if (const std::string fault = MarksFault(*format.marks); !fault.empty()) {
    reader.FailAt("marks", fault);
  } else if (!IsAlignedBy(format.separator)) {
    reader.FailAt("marks",
                  "marks has no effect with this separator: remove it");
  }
}

}  // namespace

void ReadTableKeys(const TableReader& reader, FormatConfig& format) {
  if (auto columns = reader.Words("columns")) {
    std::set<std::string_view> seen;
    for (const std::string& column : *columns) {
      if (const std::string fault = BuiltInFault(column); !fault.empty()) {
        reader.FailAt("columns", "columns: " + fault);
      } else if (column != "_" && !seen.insert(column).second) {
        reader.FailAt("columns", "columns names " + Quote(column) +
                                     " twice: rename one, or write _ to "
                                     "discard it");
      }
    }
    format.columns = std::move(*columns);
  }
  if (const auto header = reader.Boolean("header")) {
    format.header = *header;
    format.header_is_written = true;
    if (!*header && !reader.Has("columns")) {
      reader.FailAt("header",
                    "header = false needs columns, which name the fields");
    }
  }
  WarnOfHeader(reader);
  Assign(reader.Word("trim"), format.trim);
  ReadRowKeys(reader, format);
}

}  // namespace command_exporter
