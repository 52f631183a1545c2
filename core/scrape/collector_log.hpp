// CollectorLog: when a collector deserves a line in the log.
//
// One line when (up, reason) changes, then one an hour while it fails: enough
// to be found at 3 a.m., too few to fill a disk at one scrape every 5 s. What
// is wrong with a successful run (samples dropped, lines unmatched) is noted
// once when it begins, and a later change of it at most once an hour.
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

// Where lines go and what time it is; tests put their own in place.
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

  // A run has ended. The first success of all is no change and gives no line.
  void LogResult(const CollectorIdentity& who,
                 const std::optional<Failure>& how);
  // A scrape went without the outcome of a run that others still wait for.
  void LogLate(const CollectorIdentity& who, Duration waited);
  void LogDropped(const CollectorIdentity& who, const Drops& drops);
  // Nothing when the outcome does not say.
  void LogUnmatched(const CollectorIdentity& who, const Outcome& outcome);

 private:
  // Something that a run can be successful with, but should be known.
  struct Note {
    bool active{};
    std::string subject{};  // what it was about when logged last
    std::optional<Clock::time_point> logged{};
  };

  bool IsNews(Note& note, bool active, std::string_view subject);
  void Write(LogLevel level, const CollectorIdentity& who,
             std::string_view reason, std::string_view message) const;

  const LogSeams seams_;

  std::mutex mutex_;
  std::optional<Reason> failing_;  // none: well, or not known yet
  Clock::time_point failing_since_{};
  Clock::time_point failure_logged_{};
  Note late_;
  Note unmatched_;
  std::array<Note, kDropReasonNames.size()> drops_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_COLLECTOR_LOG_HPP_
