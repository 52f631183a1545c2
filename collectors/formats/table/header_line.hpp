// HeaderLine: the words of a table's header and the places of its names.
//
// Thread safety: immutable; any thread may read it. The line must outlive it.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_HEADER_LINE_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_HEADER_LINE_HPP_

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/formats/table/header_names.hpp"
#include "collectors/formats/table/line_fields.hpp"
#include "collectors/formats/table/place.hpp"

namespace command_exporter {

inline constexpr std::array kAllMeasures = {
    Measure::kColumns, Measure::kCharacters, Measure::kBytes};

// The places of the names, by measure.
using MeasuredPlaces = std::array<std::vector<Place>, kAllMeasures.size()>;

class HeaderLine {
 public:
  // `least`: the blanks that separate two words.
  HeaderLine(std::string_view line, std::size_t least);

  bool is_ascii() const { return words_.front().IsAscii(); }

  std::size_t size() const { return words_.front().size(); }

  // Behind the last word.
  std::int64_t TabsBehind() const { return words_.front().TabsBehind(); }

  std::string_view Word(std::size_t index) const {
    return words_.front().Text(index);
  }

  std::vector<std::string_view> Words() const { return words_.front().Texts(); }

  // As RemoveMisplaced of header_names.hpp.
  std::optional<MisplacedName> RemoveMisplaced(
      const std::vector<std::string>& columns,
      std::vector<HeaderGrouping>& groupings) const {
    return command_exporter::RemoveMisplaced(words_.front(), columns,
                                             groupings);
  }

  // Of the words alone, if `columns` is empty; else as GroupHeader.
  std::vector<HeaderGrouping> Groupings(
      const std::vector<std::string>& columns) const;

  MeasuredPlaces Places(const HeaderGrouping& grouping) const;

  // `columns = [...]` with the words that stand together as one name; empty if
  // none do, or if it would be too long to be of use.
  std::string ColumnsToPaste() const;

 private:
  std::vector<LineFields> words_;  // by measure
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_HEADER_LINE_HPP_
