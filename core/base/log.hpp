// The log: one line an event, to standard error, logfmt or JSON.
//
// The fields appear in the order of the caller, after `time` and `level`; `msg`
// is one of them. Values are escaped, so that the output of a command cannot
// forge a line. Only log.cpp includes spdlog, because its headers cost seconds
// of compile time in every file that includes them.
//
// Thread safety: any thread may call Log. ConfigureLog is called before threads
// start. No thread waits for the reader of standard error: a line that does not
// fit is dropped, counted, and reported later. The launcher never logs; it
// sends its events as messages.
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

// The line of Log without its time, for tests and documentation:
// `level=WARN collector=ping reason=timeout msg="..."`.
std::string FormatLogFields(LogLevel level, LogFormat format,
                            std::span<const LogField> fields);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_LOG_HPP_
