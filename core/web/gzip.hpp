// Gzip: an answer made smaller, at zlib's fastest level.
//
// An exposition repeats itself, so that level 1 makes it about ten times
// smaller; higher levels cost a multiple of the time that the rest of a scrape
// takes and gain little.
// https://www.rfc-editor.org/rfc/rfc1952
//
// Thread safety: pure function.
#ifndef COMMAND_EXPORTER_CORE_WEB_GZIP_HPP_
#define COMMAND_EXPORTER_CORE_WEB_GZIP_HPP_

#include <optional>
#include <string>
#include <string_view>

namespace command_exporter {

// None when zlib gets no memory.
std::optional<std::string> Gzip(std::string_view text);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_GZIP_HPP_
