// The catalog: all kinds of collectors and all formats in one place.
//
// A new format is one file and one line here. See format.hpp.
//
// Thread safety: constants.
#ifndef COMMAND_EXPORTER_COLLECTORS_CATALOG_HPP_
#define COMMAND_EXPORTER_COLLECTORS_CATALOG_HPP_

#include "collectors/formats/format.hpp"

namespace command_exporter {

struct FormatEntry {
  Format format{};
  // Null for `prometheus`, whose output already is families.
  ParseFunction parse{};
  // the format reads lines, so lines may be unmatched
  bool counts_lines{};
  // A person may read the output as it is: it may have colours, and its lines
  // must end.
  bool is_plain_text{};
};

const FormatEntry& FindFormat(Format format);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_CATALOG_HPP_
