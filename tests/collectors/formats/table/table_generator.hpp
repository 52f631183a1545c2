// TableGenerator: tables as programs print them, with what each cell holds.
//
// Every kind aligns cells and names in its own way; cells may be blank, values
// longer than their column, and characters wider or longer than one byte. What
// it never makes is what nobody can read: cells with single blanks between
// columns that are parted by single blanks, names wider than their columns, and
// a last column that takes the rest and is aligned to the right.
//
// The same seed gives the same tables on every machine (no standard
// distribution is used, because their results differ between libraries).
//
// Thread safety: none; one thread owns it.
#ifndef COMMAND_EXPORTER_TESTS_COLLECTORS_FORMATS_TABLE_TABLE_GENERATOR_HPP_
#define COMMAND_EXPORTER_TESTS_COLLECTORS_FORMATS_TABLE_TABLE_GENERATOR_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.hpp"

namespace command_exporter {

inline constexpr std::array<std::string_view, 6> kTableKinds = {
    "printf",      // fixed widths; a longer value pushes the rest
    "column",      // column -t: as wide as needed, to the left
    "wide gaps",   // two blanks or more; names and cells of several words
    "sizes",       // LVM: names to the left, sizes to the right
    "gives back",  // ps: a later column gives back what a longer value took
    "row names"};  // free: the first field of each row has no name

struct GeneratedTable {
  std::size_t kind{};  // of kTableKinds
  FormatConfig config{};
  std::string header{};
  std::vector<std::string> lines{};  // of the rows
  // For each row, by name; a blank cell is absent.
  std::vector<std::map<std::string, std::string>> cells{};
  // Names that are asked for; others are discarded.
  std::size_t names{};
  // No value is longer than its column, and there is nothing but ASCII.
  bool is_tidy{};
};

class TableGenerator {
 public:
  explicit TableGenerator(std::uint64_t seed) : random_(seed) {}

  GeneratedTable Make();

 private:
  // How a program that pads text counts it.
  enum class Padding : std::uint8_t { kBytes, kCharacters, kColumns };
  enum class Script : std::uint8_t { kAscii, kLatin, kWide, kCombining };

  struct Column {
    std::string name{};
    std::size_t width{};
    bool is_right{};
    bool has_right_name{};
  };

  std::size_t Below(std::size_t limit) { return random_() % limit; }

  std::size_t Between(std::size_t low, std::size_t high) {
    return low + Below(high - low + 1);
  }

  bool Percent(std::size_t share) { return Below(100) < share; }

  void MakeColumns();
  std::string Name();
  void MakeRow();
  std::string Cell(const Column& column, bool is_last);
  std::string Word(std::size_t length);
  std::string Size();
  std::size_t Width(std::string_view text) const;
  std::string Line(const std::vector<std::string>& cells, bool is_header) const;
  void Configure(GeneratedTable& table);

  std::mt19937_64 random_;
  std::size_t kind_ = 0;
  std::size_t gap_ = 1;
  std::size_t blank_share_ = 0;
  std::size_t long_share_ = 0;
  std::size_t indent_ = 0;
  std::size_t row_name_width_ = 0;
  bool has_columns_ = false;  // the configuration names them
  Padding padding_{};
  Script script_{};
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::string> row_names_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_COLLECTORS_FORMATS_TABLE_TABLE_GENERATOR_HPP_
