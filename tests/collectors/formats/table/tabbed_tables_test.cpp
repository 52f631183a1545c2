// Thousands of made-up tables with tabs, as separators and as filling: whatever
// the reader is certain of is right.
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "collectors/formats/format.hpp"

namespace command_exporter {
namespace {

using Cells = std::vector<std::string>;

class Tables {
 public:
  // A table of one row. `fills`: tabs fill columns up, and end no cell.
  void Make(bool fills) {
    names_.clear();
    row_.clear();
    const std::size_t count = 2 + Below(4);
    for (std::size_t i = 0; i < count; ++i) {
      const bool has_name = fills || i == 0 || Below(8) > 0;
      names_.push_back(
          has_name ? std::string(1 + Below(12), static_cast<char>('A' + i))
                   : "");
      row_.push_back(Cell());
    }
    text_ = fills ? Filled() : Line(names_) + Line(row_);
  }

  const std::string& text() const { return text_; }

  // Right, or not certain.
  bool Agrees(const Rows& rows) const {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const std::size_t column = rows.FindColumn(names_[i]);
      const auto cell = column == Rows::kNoColumn || rows.size() == 0
                            ? std::nullopt
                            : rows.Get(0, column);
      if (cell && *cell != row_[i]) {
        return false;
      }
    }
    return true;
  }

  const Cells& names() const { return names_; }

 private:
  std::size_t Below(std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
  }

  std::string Cell() {
    switch (Below(5)) {
      case 0:
        return "";
      case 1:
        return "w " + std::to_string(Below(100));
      default:
        return std::string(Below(12), 'x') + std::to_string(Below(100));
    }
  }

  static std::string Line(const Cells& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      line += (i > 0 ? "\t" : "") + cells[i];
    }
    return line + "\n";
  }

  // Both lines with tabs up to the stops of the widest cells.
  std::string Filled() const {
    constexpr std::size_t kStop = 8;
    std::string header;
    std::string row;
    for (std::size_t i = 0; i + 1 < names_.size(); ++i) {
      const std::size_t stops =
          std::max(names_[i].size(), row_[i].size()) / kStop + 1;
      header += names_[i] + std::string(stops - names_[i].size() / kStop, '\t');
      row += row_[i] + std::string(stops - row_[i].size() / kStop, '\t');
    }
    return header + names_.back() + "\n" + row + row_.back() + "\n";
  }

  std::mt19937 random_{7};  // NOLINT(cert-msc51-cpp): the same each time
  Cells names_;
  Cells row_;
  std::string text_;
};

// How many of the tables were read.
int ReadAll(bool fills, bool has_columns) {
  constexpr int kTables = 20'000;
  Tables tables;
  int read = 0;
  for (int i = 0; i < kTables; ++i) {
    tables.Make(fills);
    FormatConfig config;
    if (has_columns) {
      config.columns = {tables.names().front(), "_"};
      if (tables.names().size() > 2 && !tables.names()[1].empty()) {
        config.columns.insert(config.columns.begin() + 1, tables.names()[1]);
      }
    }
    const auto rows = ParseTable({.out = tables.text()}, config);
    if (rows) {
      ++read;
      INFO(tables.text());
      CHECK(tables.Agrees(*rows));
    }
  }
  return read;
}

TEST_CASE("what is read of tables with tabs is right") {
  for (const bool fills : {false, true}) {
    for (const bool has_columns : {false, true}) {
      INFO(fills << has_columns);
      CHECK(ReadAll(fills, has_columns) > 1'000);
    }
  }
}

}  // namespace
}  // namespace command_exporter
