// The catalog: all kinds of collectors and all formats in one place.
//
// A new format is one file and one line here. See format.hpp.
//
// Thread safety: constants.
#ifndef COMMAND_EXPORTER_COLLECTORS_CATALOG_HPP_
#define COMMAND_EXPORTER_COLLECTORS_CATALOG_HPP_

#include <span>
#include <string_view>

#include "collectors/formats/format.hpp"

namespace command_exporter {

struct FormatEntry {
  Format format{};
  std::string_view name{};
  // Null for `prometheus`, whose output already consists of families.
  ParseFunction parse{};
  // the format reads lines, so lines may be unmatched
  bool counts_lines{};
};

std::span<const FormatEntry> Formats();
const FormatEntry& FindFormat(Format format);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_CATALOG_HPP_
