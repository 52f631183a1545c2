// The format "key_value": names and values, one row for the whole output or,
// with records = "line", one row a line.
//
// Without `separator`, a line is split at its first '=' or ':', else at its
// first blanks, so that `name=12`, `name : 12`, `name 12` and keys with blanks
// (`cpu MHz : 2400`) are read as expected. Double quotes around a value are
// removed, and the escapes of `lsblk -P` and logfmt (\" \\ \n \t \r \xNN) are
// decoded. A record may have single quotes in their place, which know no
// escapes, as `lvs --nameprefixes` and shells print them.
//
// A line without a separator or key is unmatched; so is a record with anything
// but pairs, such as one with text directly behind a closing quote.
#include <algorithm>
#include <utility>

#include "collectors/formats/format.hpp"
#include "collectors/formats/line_reader.hpp"
#include "core/base/number.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

struct Pair {
  std::string_view key{};
  std::string_view value{};  // with its double quotes
  bool is_literal{};         // was in single quotes
};

// The place where a line is split; empty length: none.
struct Split {
  std::size_t at{};
  std::size_t length{};
};

Split FindSeparator(std::string_view line, std::string_view separator) {
  if (!separator.empty()) {
    const std::size_t at = line.find(separator);
    return at == std::string_view::npos ? Split{} : Split{at, separator.size()};
  }
  std::size_t at = line.find_first_of("=:");
  if (at == std::string_view::npos) {
    at = line.find_first_of(" \t");
  }
  return at == std::string_view::npos ? Split{} : Split{at, 1};
}

// The length of the quoted text at the start of `text`, including both quotes;
// 0 if the quotes are not closed.
std::size_t QuotedLength(std::string_view text) {
  if (text.starts_with('\'')) {
    return text.find('\'', 1) + 1;  // npos + 1 is 0
  }
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return 0;
}

// The character for the escape at `text[at]` (behind the backslash); `at` moves
// to the escape's last character.
char Unescape(std::string_view text, std::size_t& at) {
  constexpr int kHexadecimal = 16;
  switch (text[at]) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'x': {
      const std::string_view digits = text.substr(at + 1, 2);
      const auto code = ParseInteger<unsigned char>(digits, kHexadecimal);
      if (digits.size() == 2 && code) {
        at += 2;
        return static_cast<char>(*code);
      }
      return 'x';
    }
    default:
      return text[at];
  }
}

std::string_view Unquote(std::string_view value, std::size_t line, Rows& rows) {
  if (value.size() < 2 || value.front() != '"' ||
      QuotedLength(value) != value.size()) {
    return value;
  }
  value = value.substr(1, value.size() - 2);
  if (value.find('\\') == std::string_view::npos) {
    return value;
  }
  std::string text;
  text.reserve(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\' && i + 1 < value.size()) {
      ++i;
      text += Unescape(value, i);
    } else {
      text += value[i];
    }
  }
  return rows.KeepText(std::move(text), line);
}

void SetPair(const Pair& pair, std::size_t line, Rows& rows) {
  const std::string_view value =
      pair.is_literal ? pair.value : Unquote(pair.value, line, rows);
  if (!rows.Set(rows.AddColumn(pair.key), value)) {
    rows.NoteRepeat(pair.key, line);
  }
}

// Reads `key=value key="va lue"`; false if the line contains anything else.
bool ReadRecord(std::string_view line, std::string_view separator,
                std::vector<Pair>& pairs) {
  pairs.clear();
  for (line = Trim(line); !line.empty(); line = Trim(line)) {
    const std::size_t at = line.find(separator);
    const std::size_t blank = line.find_first_of(" \t");
    if (at == std::string_view::npos || at == 0 || blank < at) {
      return false;
    }
    const std::string_view rest = line.substr(at + separator.size());
    std::size_t length = std::min(rest.find_first_of(" \t"), rest.size());
    std::string_view value = rest.substr(0, length);
    if (rest.starts_with('"') || rest.starts_with('\'')) {
      length = QuotedLength(rest);
      value = rest.substr(0, length);
      if (length == 0 || rest.substr(length).find_first_not_of(" \t") == 0) {
        return false;
      }
    }
    const bool is_literal = value.starts_with('\'');
    if (is_literal) {
      value = value.substr(1, length - 2);
    }
    pairs.push_back({line.substr(0, at), value, is_literal});
    line = rest.substr(length);
  }
  return !pairs.empty();
}

Rows ParseRecords(const FormatInput& input, const FormatConfig& config) {
  const std::string_view separator =
      config.separator.empty() ? std::string_view("=") : config.separator;
  Rows rows;
  rows.unmatched_lines = 0;
  std::vector<Pair> pairs;
  LineReader reader(input);
  while (reader.Next()) {
    if (ReadRecord(reader.line(), separator, pairs)) {
      rows.StartRow(reader.number());
      for (const Pair& pair : pairs) {
        SetPair(pair, reader.number(), rows);
      }
    } else if (!Trim(reader.line()).empty()) {
      rows.AddUnmatched(reader.line());
    }
  }
  return rows;
}

}  // namespace

Result<Rows, Failure> ParseKeyValue(const FormatInput& input,
                                    const FormatConfig& config) {
  if (config.record_per_line) {
    return ParseRecords(input, config);
  }
  Rows rows;
  rows.unmatched_lines = 0;
  rows.StartRow(input.first_line);
  LineReader reader(input);
  while (reader.Next()) {
    const std::string_view line = Trim(reader.line());
    if (line.empty()) {
      continue;
    }
    const Split split = FindSeparator(line, config.separator);
    const std::string_view key = Trim(line.substr(0, split.at));
    if (key.empty()) {
      rows.AddUnmatched(reader.line());
      continue;
    }
    SetPair({key, Trim(line.substr(split.at + split.length))}, reader.number(),
            rows);
  }
  return rows;
}

}  // namespace command_exporter
