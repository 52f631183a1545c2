// CollectorState: the counters and the log state of one collector, which
// outlive its runs.
//
// Runs are counted when they end, not for each scrape: a run that three scrapes
// shared counts once. The state belongs to an identity (name and matrix
// labels), so a reload that still defines it keeps the counters. The callbacks
// of runs share the state, because they may come after the reload.
//
// Thread safety: all functions may be called from any thread.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_COLLECTOR_STATE_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_COLLECTOR_STATE_HPP_

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>

#include "core/base/deadline.hpp"
#include "core/base/reason.hpp"
#include "core/scrape/collector.hpp"
#include "core/scrape/collector_log.hpp"
#include "core/scrape/line_limit.hpp"
#include "core/scrape/optional_series.hpp"
#include "core/scrape/outcome.hpp"

namespace command_exporter {

struct CollectorCounters {
  std::uint64_t runs{};  // started
  std::array<std::uint64_t, kReasonNames.size()> failures{};
  Duration cpu{};
  std::uint64_t max_rss_bytes{};  // of the last finished run; 0: none
  double last_success{};          // Unix time in seconds; 0: never
  bool stuck{};
};

// What the collectors of an exporter share.
struct SharedState {
  LineLimit limit{};
  std::atomic<std::uint64_t> refused{};  // runs with reason `overload`
};

class CollectorState {
 public:
  explicit CollectorState(LogSeams seams,
                          const std::shared_ptr<SharedState>& shared =
                              std::make_shared<SharedState>());

  // Returns the number of the run, from 1.
  std::uint64_t RunStarted();
  void RunEnded(const CollectorIdentity& who, const Outcome& outcome);
  // The last scrape has left the run `after` its start, and it is being
  // cancelled. It counts as `timeout`.
  void RunAbandoned(const CollectorIdentity& who, Duration after);
  void RunUsed(const RunUsage& usage);
  void RunStuck(std::uint64_t run, bool stuck);

  // A run that scrape `turn` requested had its turn: it ended, could not be
  // started, or had its share of the scrape's time. A run that was refused or
  // cut short for lack of time had none.
  void HadTurn(std::uint64_t turn);
  // The last of these scrapes; 0: none.
  std::uint64_t last_turn() const;

  CollectorCounters Read() const;

  // Adds to the series that the collector has, and returns all of them.
  OptionalSeries AddSeries(const OptionalSeries& series);

  CollectorLog& log() { return log_; }

 private:
  void Count(const Failure& failure);

  const std::shared_ptr<SharedState> shared_;

  mutable std::mutex mutex_;
  CollectorCounters counters_;
  OptionalSeries series_;
  std::uint64_t last_turn_{};
  std::set<std::uint64_t> stuck_runs_;
  CollectorLog log_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_COLLECTOR_STATE_HPP_
