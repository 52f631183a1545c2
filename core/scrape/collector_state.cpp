#include "core/scrape/collector_state.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

#include "core/base/duration.hpp"

namespace command_exporter {
namespace {

double UnixTime() {
  return std::chrono::duration<double>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string AbandonedMessage(Duration timeout, Duration after) {
  std::string message =
      "cancelled after " +
      FormatDuration(std::chrono::round<std::chrono::milliseconds>(after)) +
      ", when the time of the last scrape that waited for it was over";
  if (timeout > after) {
    message += "; its own timeout of " + FormatDuration(timeout) +
               " is longer than a scrape may take: shorten it, or raise "
               "scrape_timeout here and in Prometheus";
  }
  return message;
}

}  // namespace

// The limit lives as long as what it is a part of.
CollectorState::CollectorState(LogSeams seams,
                               const std::shared_ptr<SharedState>& shared)
    : shared_(shared),
      log_(std::move(seams),
           std::shared_ptr<LineLimit>(shared, &shared->limit)) {}

std::uint64_t CollectorState::RunStarted() {
  const std::lock_guard lock(mutex_);
  return ++counters_.runs;
}

void CollectorState::RunEnded(const CollectorIdentity& who,
                              const Outcome& outcome) {
  if (outcome.failure) {
    Count(*outcome.failure);
    log_.LogResult(who, outcome.failure);
  } else {
    {
      const std::lock_guard lock(mutex_);
      counters_.last_success = UnixTime();
    }
    log_.LogResult(who, std::nullopt);
  }
  log_.LogUnmatched(who, outcome);
  log_.LogRemark(who, outcome);
}

void CollectorState::RunAbandoned(const CollectorIdentity& who,
                                  Duration after) {
  const Failure failure{Reason::kTimeout, AbandonedMessage(who.timeout, after)};
  Count(failure);
  log_.LogAbandoned(who, failure);
}

void CollectorState::Count(const Failure& failure) {
  if (failure.reason == Reason::kOverload) {
    ++shared_->refused;
  }
  const std::lock_guard lock(mutex_);
  ++counters_.failures[static_cast<std::size_t>(failure.reason)];
}

void CollectorState::RunUsed(const RunUsage& usage) {
  const std::lock_guard lock(mutex_);
  counters_.cpu += usage.cpu;
  // A run that was cancelled in the queue or lost with its launcher has no
  // figure.
  if (usage.max_rss_bytes > 0) {
    counters_.max_rss_bytes = usage.max_rss_bytes;
  }
}

void CollectorState::RunStuck(std::uint64_t run, bool stuck) {
  const std::lock_guard lock(mutex_);
  if (stuck) {
    stuck_runs_.insert(run);
  } else {
    stuck_runs_.erase(run);
  }
  counters_.stuck = !stuck_runs_.empty();
}

void CollectorState::HadTurn(std::uint64_t turn) {
  const std::lock_guard lock(mutex_);
  last_turn_ = std::max(last_turn_, turn);
}

std::uint64_t CollectorState::last_turn() const {
  const std::lock_guard lock(mutex_);
  return last_turn_;
}

OptionalSeries CollectorState::AddSeries(const OptionalSeries& series) {
  const std::lock_guard lock(mutex_);
  series_.Add(series);
  return series_;
}

CollectorCounters CollectorState::Read() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

}  // namespace command_exporter
