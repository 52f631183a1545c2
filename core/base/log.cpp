#include "core/base/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <memory>

namespace command_exporter {

namespace {

// RFC 3339, local, with milliseconds; then what FormatLogFields wrote.
constexpr const char* kLogfmtPattern = "time=%Y-%m-%dT%H:%M:%S.%e%z %v";
constexpr const char* kJsonPattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z",%v)";

// The one logger of the process. Synchronous: a line is written whole before
// Log returns, so that the last words of a dying process are not lost.
class Logger {
 public:
  Logger()
      : logger_("command_exporter",
                std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger_.set_level(spdlog::level::trace);
    // There is no other place to complain to when standard error fails.
    logger_.set_error_handler([](const std::string&) {});
    Configure(level_, format_);
  }

  void Configure(LogLevel level, LogFormat format) {
    level_ = level;
    format_ = format;
    logger_.set_pattern(format == LogFormat::kJson ? kJsonPattern
                                                   : kLogfmtPattern);
  }

  bool Wants(LogLevel level) const { return level >= level_; }

  void Write(LogLevel level, std::span<const LogField> fields) {
    const std::string text = FormatLogFields(level, format_, fields);
    std::string_view body = text;
    if (format_ == LogFormat::kJson) {
      body.remove_prefix(1);  // the pattern has opened the object
    }
    logger_.log(spdlog::level::info,
                spdlog::string_view_t(body.data(), body.size()));
  }

 private:
  LogLevel level_ = LogLevel::kInfo;
  LogFormat format_ = LogFormat::kLogfmt;
  spdlog::logger logger_;
};

Logger& TheLogger() {
  // Never destroyed: threads may still log while the process ends.
  static auto* const logger = new Logger;
  return *logger;
}

}  // namespace

// Neither throws: a log line that cannot be made is not worth the process.

void ConfigureLog(LogLevel level, LogFormat format) {
  try {
    TheLogger().Configure(level, format);
  } catch (...) {  // NOLINT(bugprone-empty-catch)
  }
}

void Log(LogLevel level, std::span<const LogField> fields) {
  try {
    if (TheLogger().Wants(level)) {
      TheLogger().Write(level, fields);
    }
  } catch (...) {  // NOLINT(bugprone-empty-catch)
  }
}

}  // namespace command_exporter
