// Generated tables: no cell is ever read under a wrong name.
//
// COMMAND_EXPORTER_TEST_TABLES=N tries N tables, and _TABLES_SEED=S others.
#include <cstdio>
#include <cstdlib>
#include <string>

#include <catch2/catch.hpp>

#include "collectors/formats/format.hpp"
#include "core/base/text.hpp"
#include "tests/collectors/formats/table/table_generator.hpp"

namespace command_exporter {
namespace {

struct Counts {
  std::size_t read{};
  std::size_t refused{};
  std::size_t wrong{};
  std::size_t in_doubt{};  // of those read
  // Rows with a blank cell in tidy tables, each read alone.
  std::size_t blank_rows{};
  std::size_t blank_rows_read{};
};

std::size_t Setting(const char* name, std::size_t usual) {
  const char* const text = std::getenv(name);
  return text == nullptr ? usual : std::strtoull(text, nullptr, 10);
}

bool IsInDoubt(const Rows& rows, const std::string& name) {
  return rows.FindDoubt(rows.FindColumn(name)) != nullptr;
}

// The first cell that a metric can use and that is wrong or lost; empty if all
// are right.
std::string Wrong(const Rows& rows, std::size_t row,
                  const std::map<std::string, std::string>& cells) {
  for (const Rows::Cell& cell : rows.Cells(row)) {
    const std::string& name = rows.columns()[cell.column];
    const auto found = cells.find(name);
    if (!IsInDoubt(rows, name) &&
        (found == cells.end() || found->second != cell.value)) {
      return name + " is not \"" + std::string(cell.value) + '"';
    }
  }
  for (const auto& [name, value] : cells) {
    if (!IsInDoubt(rows, name) && !rows.Get(row, rows.FindColumn(name))) {
      return name + " lost \"" + value + '"';
    }
  }
  return {};
}

std::string Text(const GeneratedTable& table) {
  std::string text = table.header + "\n";
  for (const std::string& line : table.lines) {
    text += line + "\n";
  }
  return text;
}

// What is wrong; empty if nothing is.
std::string TryTable(const GeneratedTable& table, Counts& counts) {
  const std::string text = Text(table);
  const auto rows = ParseTable({.out = text}, table.config);
  if (!rows) {
    ++counts.refused;
    return {};
  }
  ++counts.read;
  counts.in_doubt += rows->has_doubts() ? 1U : 0U;
  std::string wrong =
      rows->size() == table.cells.size() ? "" : "another number of rows";
  for (std::size_t row = 0; wrong.empty() && row < rows->size(); ++row) {
    wrong = Wrong(*rows, row, table.cells[row]);
  }
  counts.wrong += wrong.empty() ? 0U : 1U;
  return wrong;
}

// Below the first row, which shows that the rows have names of their own.
void TryBlankRows(const GeneratedTable& table, Counts& counts) {
  for (std::size_t row = 0; row < table.lines.size(); ++row) {
    if (table.cells[row].size() == table.names) {
      continue;
    }
    ++counts.blank_rows;
    const bool has_row_name = table.cells[row].contains("row");
    const std::string text = table.header + "\n" +
                             (has_row_name ? table.lines.front() + "\n" : "") +
                             table.lines[row] + "\n";
    counts.blank_rows_read +=
        ParseTable({.out = text}, table.config).has_value() ? 1U : 0U;
  }
}

TEST_CASE("no generated table is read under wrong names") {
  const std::size_t tables = Setting("COMMAND_EXPORTER_TEST_TABLES", 100'000);
  const std::size_t seed = Setting("COMMAND_EXPORTER_TEST_TABLES_SEED", 1);
  std::array<Counts, kTableKinds.size()> counts;
  for (std::size_t i = 0; i < tables; ++i) {
    const GeneratedTable table = TableGenerator(seed * 1'000'003 + i).Make();
    Counts& kind = counts[table.kind];
    if (const std::string wrong = TryTable(table, kind); !wrong.empty()) {
      UNSCOPED_INFO(kTableKinds[table.kind]
                    << ", table " << i << ", " << wrong << ":\n"
                    << Join(table.config.columns, "|") << "\n"
                    << Text(table));
    }
    if (table.is_tidy) {
      TryBlankRows(table, kind);
    }
  }
  Counts all;
  std::printf("%-10s  %6s  %7s  %5s  %8s  blank rows read\n", "tables", "read",
              "refused", "wrong", "in doubt");
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const Counts& kind = counts[i];
    std::printf("%-10s  %6zu  %7zu  %5zu  %8zu  %zu of %zu\n",
                std::string(kTableKinds[i]).c_str(), kind.read, kind.refused,
                kind.wrong, kind.in_doubt, kind.blank_rows_read,
                kind.blank_rows);
    all.read += kind.read;
    all.refused += kind.refused;
    all.wrong += kind.wrong;
    all.blank_rows += kind.blank_rows;
    all.blank_rows_read += kind.blank_rows_read;
  }
  CHECK(all.wrong == 0);
  CHECK(all.read + all.refused == tables);
  CHECK(static_cast<double>(all.blank_rows_read) >=
        0.95 * static_cast<double>(all.blank_rows));
}

}  // namespace
}  // namespace command_exporter
