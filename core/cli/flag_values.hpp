// Converts the text of a flag to its value.
//
// Thread safety: pure functions. Errors say what the text should be, without
// the flag's name (the caller adds it in front).
#ifndef COMMAND_EXPORTER_CORE_CLI_FLAG_VALUES_HPP_
#define COMMAND_EXPORTER_CORE_CLI_FLAG_VALUES_HPP_

#include <cstdint>
#include <string>

#include "core/base/deadline.hpp"
#include "core/base/log.hpp"
#include "core/base/result.hpp"

namespace command_exporter {

Result<std::uint32_t> ParseCount(const std::string& text, std::uint32_t least,
                                 std::uint32_t most);
// Seconds as in the blackbox exporter ("0.5"), or with a unit.
Result<Duration> ParseOffset(const std::string& text);
Result<LogLevel> ParseLogLevel(const std::string& text);
Result<LogFormat> ParseLogFormat(const std::string& text);
// A path that can be a page of its own: absolute, printable, not already used.
Result<std::string> ParseTelemetryPath(const std::string& text);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CLI_FLAG_VALUES_HPP_
