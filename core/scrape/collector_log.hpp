// CollectorLog: decides when a collector gets a line in the log.
//
// One line when (up, reason) changes, then one an hour while it fails: enough
// to find the failure, too few to fill a disk at one scrape every 5 s. Problems
// of a successful run (dropped samples, unmatched lines) are logged once when
// they begin; a later change is logged at most once an hour.
//
//   level=WARN collector=ping target=::1 reason=timeout msg="..." config=F:L:C
//
// Thread safety: all functions may be called from any thread. Lines are
// written outside the lock.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_COLLECTOR_LOG_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_COLLECTOR_LOG_HPP_

#include <array>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/deadline.hpp"
#include "core/base/log.hpp"
#include "core/base/reason.hpp"
#include "core/metrics/drops.hpp"
#include "core/scrape/collector.hpp"
#include "core/scrape/outcome.hpp"

namespace command_exporter {

// The log and the clock; tests replace both.
struct LogSeams {
  std::function<void(LogLevel, std::span<const LogField>)> write =
      [](LogLevel level, std::span<const LogField> fields) {
        Log(level, fields);
      };
  std::function<Clock::time_point()> now = [] { return Clock::now(); };
};

class CollectorLog {
 public:
  explicit CollectorLog(LogSeams seams);

  // A run has ended. A first success is not a change and gives no line.
  void LogResult(const CollectorIdentity& who,
                 const std::optional<Failure>& how);
  // A scrape ended without the outcome of a run that others still wait for.
  void LogLate(const CollectorIdentity& who, Duration waited);
  void LogDropped(const CollectorIdentity& who, const Drops& drops);
  // No line when the outcome has no count.
  void LogUnmatched(const CollectorIdentity& who, const Outcome& outcome);

 private:
  // A problem of a successful run.
  struct Note {
    bool active{};
    std::string subject{};  // the subject of the last line
    std::optional<Clock::time_point> logged{};
  };

  bool IsNews(Note& note, bool active, std::string_view subject);
  void Write(LogLevel level, const CollectorIdentity& who,
             std::string_view reason, std::string_view message) const;

  const LogSeams seams_;

  std::mutex mutex_;
  std::optional<Reason> failing_;  // none: successful, or not known yet
  Clock::time_point failing_since_{};
  Clock::time_point failure_logged_{};
  Note late_;
  Note unmatched_;
  std::array<Note, kDropReasonNames.size()> drops_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_COLLECTOR_LOG_HPP_
