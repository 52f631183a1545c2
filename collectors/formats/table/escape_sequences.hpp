// The escape sequences by which programs colour a terminal.
//
// They take no position of a line, and a pattern of a line filter does not
// expect them. So they are removed before anything else sees the output.
// https://www.ecma-international.org/publications-and-standards/standards/ecma-48/
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ESCAPE_SEQUENCES_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ESCAPE_SEQUENCES_HPP_

#include <string>
#include <string_view>

namespace command_exporter {

inline bool HasEscapes(std::string_view text) {
  return text.find('\x1b') != std::string_view::npos;
}

// The same lines without CSI and OSC sequences and choices of a character set.
// What only begins like one stays.
std::string WithoutEscapes(std::string_view text);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_ESCAPE_SEQUENCES_HPP_
