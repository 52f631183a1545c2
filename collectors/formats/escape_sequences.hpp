// The escape sequences by which programs colour a terminal.
//
// They are no part of a text or a number, and take no position of a line. So
// they are removed before a format that reads lines, or a line filter, sees the
// output.
// https://www.ecma-international.org/publications-and-standards/standards/ecma-48/
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_ESCAPE_SEQUENCES_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_ESCAPE_SEQUENCES_HPP_

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

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_ESCAPE_SEQUENCES_HPP_
