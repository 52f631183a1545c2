// The log: one line an event, to standard error, logfmt or JSON.
//
// The fields come in the order in which the caller gives them, after `time`
// and `level`; `msg` is one of them. Values are escaped, so that no command's
// output can forge a line. spdlog writes the lines and stays in log.cpp: its
// headers cost seconds of compile time in every file that sees them.
//
// Thread safety: Log may be called from any thread. ConfigureLog is called
// before threads start. Nobody waits for the reader of standard error: a line
// for which there is no room is left out, counted, and told of later. The
// launcher never logs; its events travel as messages.
#ifndef COMMAND_EXPORTER_CORE_BASE_LOG_HPP_
#define COMMAND_EXPORTER_CORE_BASE_LOG_HPP_

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace command_exporter {

enum class LogLevel { kDebug, kInfo, kWarn, kError };
enum class LogFormat { kLogfmt, kJson };

struct LogField {
  std::string_view key{};
  std::string_view value{};
};

// Default: kInfo, kLogfmt.
void ConfigureLog(LogLevel level, LogFormat format);

void Log(LogLevel level, std::span<const LogField> fields);

inline void Log(LogLevel level, std::initializer_list<LogField> fields) {
  Log(level, std::span<const LogField>(fields.begin(), fields.size()));
}

// What Log would write without time, for tests and documentation:
// `level=WARN collector=ping reason=timeout msg="..."`.
std::string FormatLogFields(LogLevel level, LogFormat format,
                            std::span<const LogField> fields);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_LOG_HPP_
