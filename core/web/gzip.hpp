// Gzip: compresses an answer at zlib's fastest level.
//
// An exposition is repetitive, so level 1 makes it about ten times smaller.
// Higher levels cost a multiple of the time of the whole other scrape and gain
// little.
// https://www.rfc-editor.org/rfc/rfc1952
//
// Thread safety: pure function.
#ifndef COMMAND_EXPORTER_CORE_WEB_GZIP_HPP_
#define COMMAND_EXPORTER_CORE_WEB_GZIP_HPP_

#include <optional>
#include <string>
#include <string_view>

namespace command_exporter {

// None when zlib has no memory.
std::optional<std::string> Gzip(std::string_view text);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_GZIP_HPP_
