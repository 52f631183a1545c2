// Which words of a header line are which name.
//
// `columns` may be written as the header has them ("Mounted on", "_" for what
// is of no use), or be the user's own names. Where the header has more words
// than there are names, some words are one name, and the header alone does not
// say which: all possible groupings are returned, and the rows must decide.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_HEADER_NAMES_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_HEADER_NAMES_HPP_

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "collectors/formats/table/line_fields.hpp"
#include "collectors/formats/table/place.hpp"

namespace command_exporter {

// The words of a name: the first and the last.
struct WordRange {
  std::size_t first{};
  std::size_t last{};
};

// One range for each column.
using HeaderGrouping = std::vector<WordRange>;

inline constexpr std::size_t kMostGroupings = 300;

// All ways to read the header; none if it does not have the columns, or if
// there are more than kMostGroupings.
std::vector<HeaderGrouping> GroupHeader(const LineFields& words,
                                        std::span<const std::string> columns);

// A column that is the header's name for another one.
struct MisplacedName {
  std::size_t column{};
  std::size_t name{};  // of the header
};

// Removes the groupings under which a column would get the fields of another
// name, although the header has its own. Letters may be small or capital.
// Returns one such column if no grouping is left.
std::optional<MisplacedName> RemoveMisplaced(
    const LineFields& words, std::span<const std::string> columns,
    std::vector<HeaderGrouping>& groupings);

// The places of the names, as the words are placed now.
std::vector<Place> NamePlaces(const LineFields& words,
                              const HeaderGrouping& grouping);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_HEADER_NAMES_HPP_
