#include "collectors/formats/table/row_start.hpp"

#include <algorithm>
#include <array>

#include "core/base/text.hpp"

namespace command_exporter {
namespace {

// What systemctl and others print; "*" is one of theirs, too.
constexpr std::array<std::string_view, 5> kUsualMarks = {
    "\u25CF", "\u25CB", "\u25CC", "\u00D7", "\u21BB"};

// U+2500 to U+257F, which draw lines.
bool IsTreeLine(std::string_view rest) {
  constexpr std::size_t kBytes = 3;
  return rest.size() >= kBytes && rest[0] == '\xE2' &&
         (rest[1] == '\x94' || rest[1] == '\x95');
}

std::size_t SkipTree(std::string_view line) {
  std::size_t end = 0;
  bool has_lines = false;
  while (end < line.size()) {
    const bool draws = IsTreeLine(line.substr(end));
    if (!draws && line[end] != ' ') {
      break;
    }
    has_lines = has_lines || draws;
    end += draws ? 3 : 1;
  }
  return has_lines ? end : 0;
}

std::size_t SkipBlanks(std::string_view line, std::size_t at) {
  while (at < line.size() && IsTableBlank(line[at])) {
    ++at;
  }
  return at;
}

bool IsUsualMark(std::string_view mark, std::string_view behind) {
  if (mark != "*") {
    return std::ranges::find(kUsualMarks, mark) != kUsualMarks.end();
  }
  // Before a number it can be a cell.
  return !behind.empty() &&
         (IsLetter(behind.front()) || behind.front() == '/' ||
          static_cast<unsigned char>(behind.front()) >= 0x80);
}

}  // namespace

RowStart FindRowStart(std::string_view line,
                      const std::optional<std::string>& marks) {
  const std::size_t tree = SkipTree(line);
  RowStart start{.begin = tree, .has_tree = tree > 0};
  const std::size_t first = SkipBlanks(line, tree);
  const std::size_t length = Utf8Length(line.substr(first));
  const std::size_t behind = first + length;
  if (length == 0 || behind >= line.size() || !IsTableBlank(line[behind])) {
    return start;
  }
  const std::string_view mark = line.substr(first, length);
  if (!marks) {
    if (IsUsualMark(mark, line.substr(SkipBlanks(line, behind)))) {
      start.unknown = mark;
    }
  } else if (marks->find(mark) != std::string::npos) {
    start.begin = behind;
  }
  return start;
}

}  // namespace command_exporter
