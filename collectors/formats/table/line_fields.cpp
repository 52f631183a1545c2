#include "collectors/formats/table/line_fields.hpp"

#include <algorithm>
#include <array>

#include "collectors/formats/table/character_ranges.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

constexpr std::int64_t kTabWidth = 8;

// Lines, blocks, shapes, the ellipsis and the marks of failed units: programs
// that print them count columns even if they count bytes of other characters.
bool IsDrawn(char32_t character) {
  return (character >= 0x2500 && character <= 0x25FF) || character == 0x2026 ||
         character == 0xD7 || character == 0x21BB;
}

// The character at the start of `text`, of `length` bytes.
char32_t Decode(std::string_view text, std::size_t length) {
  constexpr std::array<unsigned char, 5> kLeadBits = {0, 0x7F, 0x1F, 0x0F,
                                                      0x07};
  char32_t character =
      static_cast<unsigned char>(text.front()) & kLeadBits[length];
  for (const char c : text.substr(1, length - 1)) {
    character = (character << 6U) | (static_cast<unsigned char>(c) & 0x3FU);
  }
  return character;
}

// Of the character at the start of `text`, of `length` bytes.
std::int64_t WidthOf(std::string_view text, std::size_t length,
                     Measure measure) {
  if (length == 1 || measure == Measure::kCharacters) {
    return 1;
  }
  const char32_t character = Decode(text, length);
  if (measure == Measure::kBytes) {
    return IsDrawn(character) ? 1 : static_cast<std::int64_t>(length);
  }
  return HasNoWidth(character) ? 0 : (IsWide(character) ? 2 : 1);
}

bool IsAsciiByte(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

bool IsPlain(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return IsAsciiByte(c) && c != '\t'; });
}

}  // namespace

std::size_t LineFields::FindEnd(std::size_t begin) {
  std::size_t end = begin;
  unsigned char seen = 0;
  while (true) {
    while (end < line_.size() && !IsTableBlank(line_[end])) {
      seen |= static_cast<unsigned char>(line_[end]);
      ++end;
    }
    std::size_t next = end;
    bool has_tab = false;
    if (least_ > 1) {
      while (next < line_.size() && IsTableBlank(line_[next])) {
        has_tab = has_tab || line_[next] == '\t';
        ++next;
      }
    }
    if (least_ == 1 || next == line_.size() || next - end >= least_ ||
        has_tab) {
      is_plain_ = is_plain_ && seen < 0x80;
      return end;
    }
    end = next;
  }
}

void LineFields::Split(std::string_view line, const RowStart& start,
                       std::size_t limit) {
  line_ = line;
  start_ = start;
  is_plain_ = IsPlain(line.substr(0, start.begin));
  fields_.clear();
  std::size_t at = start.begin;
  while (fields_.size() < limit) {
    const std::size_t before = at;
    std::int64_t tabs = 0;
    while (at < line.size() && IsTableBlank(line[at])) {
      tabs += line[at] == '\t' ? 1 : 0;
      ++at;
    }
    is_plain_ = is_plain_ && tabs == 0;
    if (at == line.size()) {
      break;
    }
    TableField field{.begin = at};
    field.is_tight =
        !fields_.empty() && at - before == 1 && line[before] != '\t';
    at = FindEnd(at);
    field.end = at;
    field.place = {static_cast<std::int64_t>(field.begin),
                   static_cast<std::int64_t>(field.end), tabs};
    fields_.push_back(field);
  }
}

std::vector<std::string_view> LineFields::Texts() const {
  std::vector<std::string_view> texts;
  texts.reserve(size());
  for (std::size_t i = 0; i < size(); ++i) {
    texts.push_back(Text(i));
  }
  return texts;
}

std::int64_t LineFields::TabsBehind() const {
  return fields_.empty()
             ? 0
             : std::ranges::count(line_.substr(fields_.back().end), '\t');
}

bool LineFields::IsAscii() const {
  return std::ranges::all_of(line_.substr(start_.begin), IsAsciiByte);
}

void LineFields::PlaceBy(Measure measure) {
  std::size_t at = 0;
  std::int64_t position = 0;
  const auto move_to = [&](std::size_t end) {
    while (at < end) {
      const std::string_view rest = line_.substr(at);
      const std::size_t length = std::max<std::size_t>(1, Utf8Length(rest));
      position = rest.front() == '\t'
                     ? (position / kTabWidth + 1) * kTabWidth
                     : position + WidthOf(rest, length, measure);
      at += length;
    }
    return position;
  };
  for (TableField& field : fields_) {
    field.place.begin = move_to(field.begin);
    field.place.end = move_to(field.end);
  }
  if (start_.has_tree && !fields_.empty()) {
    fields_.front().place.begin = 0;
  }
}

}  // namespace command_exporter
