// CollectorLog: decides when a collector gets a line in the log.
//
// One line when (up, reason) changes, then one an hour while it fails: enough
// to find the failure, too few to fill a disk at one scrape every 5 s. Problems
// of a successful run (dropped samples, unmatched lines) are logged once when
// they begin; a later change is logged at most once an hour. A reload starts
// this anew.
//
// What a client can cause, with scrapes that have too little time, is limited
// over all collectors (line_limit.hpp). It does not touch what the log knows of
// the command's own failures, or a client could have those logged again and
// again. A failure that was left out is not known to a reader of the log: it is
// still due when it happens again, and its end gives no line.
//
//   level=WARN collector=ping target=::1 reason=timeout msg="..." config=F:L:C
//
// Thread safety: all functions may be called from any thread. Lines are
// written outside the lock.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_COLLECTOR_LOG_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_COLLECTOR_LOG_HPP_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
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
#include "core/scrape/line_limit.hpp"
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
  // Collectors that share `limit` have one limit together.
  explicit CollectorLog(LogSeams seams, std::shared_ptr<LineLimit> limit =
                                            std::make_shared<LineLimit>());

  // A run has ended. A first success is not a change and gives no line.
  void LogResult(const CollectorIdentity& who,
                 const std::optional<Failure>& how);
  // No scrape waited for a run any longer, so it was cancelled.
  void LogAbandoned(const CollectorIdentity& who, const Failure& failure);
  // A scrape ended without the outcome of a run that others still wait for.
  void LogLate(const CollectorIdentity& who, Duration waited);
  void LogDropped(const CollectorIdentity& who, const Drops& drops);
  // No line when the outcome has no count.
  void LogUnmatched(const CollectorIdentity& who, const Outcome& outcome);
  // What a successful run wrote to standard error.
  void LogRemark(const CollectorIdentity& who, const Outcome& outcome);
  // The configuration was reloaded: what still fails is logged once more, so
  // that the log shows whether a change has helped. What clients can cause is
  // not.
  void BeginAgain();

 private:
  // A problem of a successful run.
  struct Note {
    bool active{};
    std::string subject{};  // the subject of the last line
    std::optional<Clock::time_point> logged{};
  };

  // The last failure that the log shows, and since when it fails.
  struct Failing {
    std::optional<Reason> shown{};
    std::optional<Clock::time_point> shown_at{};  // none: before a reload
    std::optional<Clock::time_point> since{};

    // The failure is to be shown.
    bool IsDue(Reason reason, Clock::time_point now);
  };

  void LogDenied(const CollectorIdentity& who, const Failure& failure,
                 ClientLine kind);
  void LogFailure(const CollectorIdentity& who, const Failure& failure);
  void LogSuccess(const CollectorIdentity& who);
  bool IsNews(Note& note, bool active, std::string_view subject);
  void Write(LogLevel level, const CollectorIdentity& who,
             std::string_view reason, std::string_view message,
             std::uint64_t left_out = 0) const;

  const LogSeams seams_;
  const std::shared_ptr<LineLimit> limit_;

  std::mutex mutex_;
  Failing own_;     // failures of the command
  Failing denied_;  // what clients can cause
  std::optional<Clock::time_point> late_logged_;
  Note unmatched_;
  Note remark_;
  std::array<Note, kDropReasonNames.size()> drops_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_COLLECTOR_LOG_HPP_
