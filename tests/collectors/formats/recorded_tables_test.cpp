// Four thousand rows that real programs printed (tests/fixtures/tables), each
// cell compared with another way to read them.
//
// Where no cell is blank, the fields in their order are right. Where some are,
// all lines of these outputs have a blank column between two columns of the
// table, at which the lines can be cut; a single output can show that only by
// luck, so the reader may not rely on it.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "collectors/formats/format.hpp"
#include "collectors/line_filter.hpp"
#include "core/base/text.hpp"
#include "tests/support/paths.hpp"

namespace command_exporter {
namespace {

namespace fs = std::filesystem;

using Words = std::vector<std::string>;

struct Recorded {
  std::string file{};
  Words columns{};  // empty: the header's
  bool has_blank_cells{};
  std::uint32_t skipped{};
  std::string dropped{};
  bool has_header{true};
};

const Words kLongList = {"mode",  "links", "user", "group", "size",
                         "month", "day",   "time", "name"};

const std::vector<Recorded>& Outputs() {
  static const std::vector<Recorded> outputs = {
      {"ps_aux",
       {"user", "pid", "cpu", "mem", "vsz", "rss", "tty", "stat", "start",
        "time", "command"}},
      {"ps_columns",
       {"pid", "ppid", "user", "stat", "rss", "vsz", "weekday", "month", "day",
        "time", "year", "comm"},
       false,
       1,
       "",
       false},
      {"ps_threads", {"PID", "LWP", "NLWP", "WCHAN", "COMMAND"}},
      {"top", {}, false, 6},
      {"dpkg",
       {"status", "name", "version", "architecture", "description"},
       false,
       3,
       "^[+]{3}-"},
      {"df", {"device", "type", "size", "used", "free", "use", "mount"}},
      {"ls", kLongList, false, 1, "", false},
      {"ls_doc", kLongList, false, 1, "", false},
      {"ls_inodes",
       {"inode", "blocks", "mode", "links", "user", "group", "size", "month",
        "day", "time", "name"},
       false,
       1,
       "",
       false},
      {"ss", {"state", "recv", "send", "local", "peer"}, false, 1, "", false},
      {"lsof",
       {"command", "pid", "tid", "task", "user", "fd", "type", "device", "size",
        "node", "name"},
       true},
      {"lsof_tasks",
       {"COMMAND", "PID", "TID", "TASKCMD", "USER", "FD", "TYPE", "DEVICE",
        "SIZE/OFF", "NODE", "NAME"},
       true},
      {"lsof_other_user",
       {"COMMAND", "PID", "TID", "TASKCMD", "USER", "FD", "TYPE", "DEVICE",
        "SIZE/OFF", "NODE", "NAME"},
       true},
  };
  return outputs;
}

std::string ReadFile(const std::string& name) {
  std::ifstream file(
      fs::path(test::kSourceFolder) / "tests/fixtures/tables" / name,
      std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  std::string_view line;
  while (NextLine(text, line)) {
    lines.push_back(line);
  }
  return lines;
}

// The fields in their order; the last takes the rest.
Words InOrder(std::string_view line, std::size_t columns) {
  Words fields;
  while (fields.size() + 1 < columns) {
    line = Trim(line);
    const std::size_t end = line.find(' ');
    fields.emplace_back(line.substr(0, end));
    line.remove_prefix(std::min(end, line.size()));
  }
  fields.emplace_back(Trim(line));
  return fields;
}

// Where the columns begin: behind a position that is blank in all lines.
std::vector<std::size_t> ColumnStarts(
    const std::vector<std::string_view>& lines) {
  std::vector<std::size_t> starts;
  const std::size_t last = lines.front().rfind(' ') + 1;
  bool was_blank = true;
  for (std::size_t i = 0; i < last; ++i) {
    const bool is_blank = std::ranges::all_of(
        lines, [i](auto line) { return i >= line.size() || line[i] == ' '; });
    if (was_blank && !is_blank) {
      starts.push_back(i);
    }
    was_blank = is_blank;
  }
  starts.push_back(last);
  return starts;
}

Words CutAt(std::string_view line, const std::vector<std::size_t>& starts) {
  Words fields;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::size_t begin = std::min(starts[i], line.size());
    const std::size_t end = i + 1 < starts.size() ? starts[i + 1] : line.size();
    fields.emplace_back(Trim(line.substr(begin, end - begin)));
  }
  return fields;
}

// The fields of a row in the order of the columns, blank if it has none.
Words Fields(const Rows& rows, std::size_t row, const Words& columns) {
  Words fields;
  for (const std::string& column : columns) {
    fields.emplace_back(rows.Get(row, rows.FindColumn(column)).value_or(""));
  }
  return fields;
}

// The number of rows.
std::size_t CheckOutput(const Recorded& recorded) {
  FormatConfig config;
  config.format = Format::kTable;
  config.columns = recorded.columns;
  config.header = recorded.has_header;
  config.skip_lines = recorded.skipped;
  if (!recorded.dropped.empty()) {
    config.drop_lines = *Pattern::Compile(recorded.dropped);
  }
  const FilteredLines kept = FilterLines(ReadFile(recorded.file), config);
  std::vector<std::string_view> lines = Lines(kept.text);
  std::erase_if(lines, [](auto line) { return Trim(line).empty(); });
  const Words names =
      recorded.columns.empty()
          ? InOrder(lines.front(), SplitBlanks(lines.front()).size())
          : recorded.columns;
  const auto starts = ColumnStarts(lines);
  if (recorded.has_blank_cells) {
    REQUIRE(starts.size() == names.size());
  }
  const std::size_t first = recorded.has_header ? 1 : 0;
  const auto rows = ParseTable({.out = kept.text}, config);
  INFO((rows ? "" : rows.error().message));
  REQUIRE(rows);
  REQUIRE(rows->size() == lines.size() - first);
  CHECK_FALSE(rows->has_doubts());
  for (std::size_t row = 0; row < rows->size(); ++row) {
    const std::string_view line = lines[row + first];
    INFO(line);
    CHECK(Fields(*rows, row, names) == (recorded.has_blank_cells
                                            ? CutAt(line, starts)
                                            : InOrder(line, names.size())));
  }
  return rows->size();
}

TEST_CASE("four thousand rows of real programs are read right") {
  std::size_t rows = 0;
  for (const Recorded& recorded : Outputs()) {
    INFO(recorded.file);
    rows += CheckOutput(recorded);
  }
  CHECK(rows >= 4000);
}

}  // namespace
}  // namespace command_exporter
