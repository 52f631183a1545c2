#include "core/base/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>

#include "core/base/log_output.hpp"

namespace command_exporter {

namespace {

// RFC 3339, local time, with milliseconds; then the text of FormatLogFields.
constexpr const char* kLogfmtPattern = "time=%Y-%m-%dT%H:%M:%S.%e%z %v";
constexpr const char* kJsonPattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z",%v)";

// The part of a line that the pattern does not write.
std::string Body(LogLevel level, LogFormat format,
                 std::span<const LogField> fields) {
  std::string text = FormatLogFields(level, format, fields);
  if (format == LogFormat::kJson) {
    text.erase(0, 1);  // the pattern has opened the object
  }
  return text;
}

class Sink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  void SetFormat(LogFormat format) {
    const std::lock_guard lock(mutex_);
    format_ = format;
  }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (lost_ > 0 && !TellOfLost(message)) {
      ++lost_;
      return;
    }
    lost_ = Put(message) ? 0 : 1;
  }

  void flush_() override {}

  bool TellOfLost(spdlog::details::log_msg message) {
    const std::string count = std::to_string(lost_);
    const std::array<LogField, 2> fields{
        {{"msg", "lines of this log were left out: nobody read them"},
         {"lines", count}}};
    const std::string body = Body(LogLevel::kWarn, format_, fields);
    message.payload = spdlog::string_view_t(body.data(), body.size());
    return Put(message);
  }

  bool Put(const spdlog::details::log_msg& message) {
    spdlog::memory_buf_t text;
    formatter_->format(message, text);
    return output_.Write(std::string_view(text.data(), text.size()));
  }

  LogOutput output_{STDERR_FILENO};
  LogFormat format_ = LogFormat::kLogfmt;
  std::uint64_t lost_{};  // lines, since there was room
};

// The one logger of the process. It is synchronous: a line is written before
// Log returns, so that the last lines of a dying process are not lost. It never
// waits for the reader, see log_output.hpp.
class Logger {
 public:
  Logger()
      : sink_(std::make_shared<Sink>()),
        logger_("command_exporter", sink_) {
    logger_.set_level(spdlog::level::trace);
    // A failure of standard error cannot be reported anywhere else.
    logger_.set_error_handler([](const std::string&) {});
    Configure(level_, format_);
  }

  void Configure(LogLevel level, LogFormat format) {
    level_ = level;
    format_ = format;
    sink_->SetFormat(format);
    logger_.set_pattern(format == LogFormat::kJson ? kJsonPattern
                                                   : kLogfmtPattern);
  }

  bool Wants(LogLevel level) const { return level >= level_; }

  void Write(LogLevel level, std::span<const LogField> fields) {
    const std::string body = Body(level, format_, fields);
    logger_.log(spdlog::level::info,
                spdlog::string_view_t(body.data(), body.size()));
  }

 private:
  LogLevel level_ = LogLevel::kInfo;
  LogFormat format_ = LogFormat::kLogfmt;
  std::shared_ptr<Sink> sink_;
  spdlog::logger logger_;
};

Logger& TheLogger() {
  // Never destroyed, because threads may still log while the process ends.
  static auto* const logger = new Logger;
  return *logger;
}

}  // namespace

// Neither function throws: a lost log line must not end the process.

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
