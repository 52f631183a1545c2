#include "tests/collectors/formats/table/table_generator.hpp"

#include <algorithm>
#include <utility>

#include "core/base/text.hpp"

namespace command_exporter {
namespace {

// Of kTableKinds.
constexpr std::size_t kPrintf = 0;
constexpr std::size_t kWideGaps = 2;
constexpr std::size_t kSizes = 3;
constexpr std::size_t kGivesBack = 4;
constexpr std::size_t kRowNames = 5;

constexpr std::array<std::string_view, 30> kNames = {
    "NAME",  "ID",   "SIZE",   "USED",  "FREE",   "STATE",  "POOL",  "ZONE",
    "AGE",   "Type", "Read",   "Write", "%CPU",   "IP",     "PORTS", "Node",
    "Avail", "Use%", "rx",     "tx",    "kB",     "LSize",  "Data%", "Origin",
    "Attr",  "#PV",  "STATUS", "TIME+", "DEVICE", "MAJ:MIN"};

constexpr std::string_view kLetters =
    "abcdefghijklmnopqrstuvwxyz0123456789-./:";

using Characters = std::array<std::string_view, 5>;

// By script: letters of two bytes and one column, of three bytes and two
// columns, and letters with an accent that takes no column.
constexpr std::array<Characters, 3> kBeyondAscii = {
    {{"\u00E4", "\u00F6", "\u00FC", "\u00E9", "\u00F1"},
     {"\u8868", "\u793A", "\u540D", "\u65E5", "\u672C"},
     {"a\u0301", "e\u0300", "o\u0302", "u\u0308", "n\u0303"}}};

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

}  // namespace

std::size_t TableGenerator::Width(std::string_view text) const {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (padding_ == Padding::kBytes) {
      ++width;
    } else if (!IsContinuation(text[i])) {
      const bool is_columns = padding_ == Padding::kColumns;
      const bool is_accent = lead == 0xCC;
      const bool is_wide = lead >= 0xE3;
      width += is_columns && is_accent ? 0 : (is_columns && is_wide ? 2 : 1);
    }
  }
  return width;
}

std::string TableGenerator::Word(std::size_t length) {
  std::string word;
  for (std::size_t i = 0; i < length; ++i) {
    if (script_ != Script::kAscii && Percent(25)) {
      const Characters& characters =
          kBeyondAscii[static_cast<std::size_t>(script_) - 1];
      word += characters[Below(characters.size())];
    } else {
      word += kLetters[Below(kLetters.size())];
    }
  }
  return word;
}

// As LVM prints them: "4.00m", "<19.51g".
std::string TableGenerator::Size() {
  constexpr std::string_view kUnits = "kmgt";
  std::string size = Percent(20) ? "<" : "";
  size += std::to_string(Below(Percent(60) ? 100 : 1000)) + ".";
  size += std::to_string(Below(10)) + std::to_string(Below(10));
  return size + kUnits[Below(kUnits.size())];
}

std::string TableGenerator::Name() {
  while (true) {
    std::string name(kNames[Below(kNames.size())]);
    // Names of two words need `columns`, or wide gaps.
    if ((kind_ == kWideGaps || has_columns_) && Percent(20)) {
      name += " " + std::string(kNames[Below(kNames.size())]);
    }
    const auto has_word = [&name](const Column& column) {
      return (" " + column.name + " ").find(" " + name + " ") !=
                 std::string::npos ||
             (" " + name + " ").find(" " + column.name + " ") !=
                 std::string::npos;
    };
    if (std::ranges::none_of(columns_, has_word)) {
      return name;
    }
  }
}

void TableGenerator::MakeColumns() {
  columns_.clear();
  const std::size_t count = Between(2, 9);
  // tabwriter and column -t align a whole table in one way.
  const bool all_right = Percent(15);
  for (std::size_t i = 0; i < count; ++i) {
    Column column{.name = Name()};
    column.width = std::max(column.name.size(), Between(2, 14));
    const bool may_differ = kind_ == kPrintf || kind_ == kGivesBack ||
                            kind_ == kRowNames || kind_ == kSizes;
    column.is_right = may_differ ? Percent(40) : all_right;
    column.has_right_name = column.is_right && kind_ != kSizes;
    columns_.push_back(column);
  }
  if (has_columns_) {
    columns_.back().is_right = columns_.back().has_right_name = false;
  }
}

std::string TableGenerator::Cell(const Column& column, bool is_last) {
  const bool is_fixed = kind_ == kPrintf || kind_ == kGivesBack;
  if (kind_ == kSizes && column.is_right) {
    return Size();
  }
  std::size_t length = Between(1, column.width);
  if (is_fixed && Percent(long_share_)) {
    length = column.width + Between(1, 14);
  } else if (!is_fixed && Percent(25)) {
    length = Between(1, 18);
  }
  std::string cell = Word(length);
  while (is_fixed && length <= column.width && Width(cell) > column.width) {
    cell = length > 1 ? Word(--length) : "x";
  }
  const bool may_have_blanks = kind_ == kWideGaps || (has_columns_ && is_last);
  if (may_have_blanks && Percent(is_last ? 50 : 30)) {
    cell += " " + Word(Between(1, 5));
    if (is_fixed && !is_last) {
      cell.resize(std::min(cell.size(), column.width));
    }
  }
  return cell;
}

void TableGenerator::MakeRow() {
  std::vector<std::string> row;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const std::size_t share = i == 0 ? blank_share_ / 5 : blank_share_;
    row.push_back(Percent(share) ? ""
                                 : Cell(columns_[i], i + 1 == columns_.size()));
  }
  if (std::ranges::all_of(row, &std::string::empty)) {
    row.front() = "x";
  }
  rows_.push_back(std::move(row));
}

std::string TableGenerator::Line(const std::vector<std::string>& cells,
                                 bool is_header) const {
  std::string line(indent_ + row_name_width_, ' ');
  std::size_t want = line.size();  // where the column begins
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool is_right =
        is_header ? columns_[i].has_right_name : columns_[i].is_right;
    const std::size_t have = kind_ == kGivesBack ? Width(line) : want;
    const std::size_t least = i == 0 ? 0 : gap_;
    const std::size_t width = Width(cells[i]);
    const std::size_t end = want + least + columns_[i].width;
    std::size_t blanks = want + least > have ? want + least - have : least;
    blanks = std::max(blanks, least);
    if (is_right) {
      blanks = std::max(blanks, have + width < end ? end - width - have : 0);
    }
    line += std::string(blanks, ' ') + cells[i];
    if (kind_ != kGivesBack && !is_right && width < columns_[i].width) {
      line += std::string(columns_[i].width - width, ' ');
    }
    want = end;
  }
  return line;
}

void TableGenerator::Configure(GeneratedTable& table) {
  std::vector<std::string> names;
  const bool has_own = has_columns_ && Percent(40);
  const bool discards = has_columns_ && !has_own && Percent(50);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const bool is_out = discards && i > 0 && Percent(30);
    names.push_back(
        is_out ? "_" : (has_own ? "c" + std::to_string(i) : columns_[i].name));
  }
  if (kind_ == kWideGaps) {
    table.config.separator = "  ";
  }
  if (has_columns_) {
    table.config.columns = names;
  }
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    auto& cells = table.cells.emplace_back();
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] != "_" && !rows_[row][i].empty()) {
        cells[names[i]] = rows_[row][i];
      }
    }
    if (kind_ == kRowNames) {
      cells["row"] = row_names_[row];
    }
  }
  table.names = static_cast<std::size_t>(std::ranges::count_if(
                    names, [](const auto& name) { return name != "_"; })) +
                (kind_ == kRowNames ? 1 : 0);
}

GeneratedTable TableGenerator::Make() {
  GeneratedTable table;
  kind_ = table.kind = Below(kTableKinds.size());
  table.config.format = Format::kTable;
  gap_ = kind_ == kWideGaps ? Between(2, 3) : Between(1, 3);
  blank_share_ = Below(4) * 10;
  long_share_ = kind_ == kPrintf || kind_ == kGivesBack ? Below(4) * 8 : 0;
  indent_ = kind_ == kRowNames ? 0 : Below(3);
  has_columns_ = kind_ != kRowNames && Percent(30);
  padding_ = static_cast<Padding>(Below(3));
  script_ = Percent(20) ? static_cast<Script>(Between(1, 3)) : Script::kAscii;
  row_name_width_ = 0;
  MakeColumns();
  rows_.clear();
  row_names_.clear();
  constexpr std::array<std::size_t, 5> kCounts = {1, 1, 2, 3, 6};
  const std::size_t count = kCounts[Below(kCounts.size())];
  for (std::size_t row = 0; row < count; ++row) {
    // The first row of `free` shows that the rows have names.
    const std::size_t share = blank_share_;
    blank_share_ = kind_ == kRowNames && row == 0 ? 0 : share;
    MakeRow();
    blank_share_ = share;
    row_names_.push_back(Word(Between(1, 8)) + ":");
  }
  std::vector<std::string> names;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    names.push_back(columns_[i].name);
    if (kind_ == kPrintf || kind_ == kGivesBack) {
      continue;
    }
    columns_[i].width = columns_[i].name.size();
    for (const auto& row : rows_) {
      columns_[i].width = std::max(columns_[i].width, Width(row[i]));
    }
  }
  if (kind_ == kRowNames) {
    for (const std::string& name : row_names_) {
      row_name_width_ = std::max(row_name_width_, Width(name) + Between(1, 6));
    }
  }
  table.header = Line(names, true);
  table.is_tidy = long_share_ == 0 && script_ == Script::kAscii;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    std::string line = Line(rows_[row], false);
    if (kind_ == kRowNames) {
      const std::string& name = row_names_[row];
      line = name + line.substr(Width(name));
    }
    table.lines.push_back(
        Percent(50) ? line : line.substr(0, line.find_last_not_of(' ') + 1));
  }
  Configure(table);
  return table;
}

}  // namespace command_exporter
