// Which characters take no column of a terminal, and which take two.
//
// The C library's wcwidth depends on the locale of the process, which is the
// exporter's and not the command's, so the program has its own ranges.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_CHARACTER_RANGES_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_CHARACTER_RANGES_HPP_

namespace command_exporter {

// A combining or invisible character.
bool HasNoWidth(char32_t character);

// An East Asian wide character, or most emoji.
bool IsWide(char32_t character);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_CHARACTER_RANGES_HPP_
