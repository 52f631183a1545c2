// Gatherer: the web side's interface to a scrape.
//
// It starts every source that the scrape selects at once, waits for each until
// the scrape's deadline, merges the results in configuration order, adds the
// self-metrics and logs each collector's changes between success and failure. A
// late collector has `up 0` with reason `timeout`; the rest is served. A
// collector that throws has failed with reason `spawn`; no collector can harm
// another.
//
// A scrape may have time for only some of its runs. Collectors take turns over
// scrapes: the sources whose last turn is the longest ago are started first, in
// configuration order among equals. The next scrape thus goes on where the last
// one ended, and no instance waits for ever. A run that its scrape cuts short
// has had its turn if it ran for half of that scrape: else a command that is
// slower than every scrape would come first in each.
//
// A reload replaces all sources at once: a scrape in progress finishes with its
// original sources. A collector that is still defined (same name and matrix
// labels) keeps its counters; if it still fails, that is logged again. A
// scheduled one whose definition is unchanged also keeps its clock and results.
//
// Thread safety: all functions may be called from any thread; scrapes overlap.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_GATHERER_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_GATHERER_HPP_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/metrics/families.hpp"
#include "core/scrape/collector.hpp"
#include "core/scrape/collector_log.hpp"
#include "core/scrape/selection.hpp"
#include "core/scrape/timetable.hpp"

namespace command_exporter {

struct ScrapeRequest {
  Deadline deadline{};
  Selection selection{};
};

// The exporter's own families: build info, process figures, HTTP counters.
// Called once a scrape; must not block.
using OwnFamilies = std::function<MetricFamilies()>;

class CollectorState;
class Source;
struct SharedState;

class Gatherer {
 public:
  // `all_series`: every collector has its optional series from the start.
  explicit Gatherer(LogSeams seams = {}, bool all_series = false,
                    BootNow now = BootClock::now);
  ~Gatherer();
  Gatherer(const Gatherer&) = delete;
  Gatherer& operator=(const Gatherer&) = delete;

  // Replaces all collectors, in configuration order.
  void Replace(std::vector<std::shared_ptr<const Collector>> collectors);
  // Called during set-up only, before the first Gather.
  void AddOwnFamilies(OwnFamilies families);
  // Called in each scrape when its runs have been started; must not block. Also
  // for set-up only.
  void WhenStarted(std::function<void()> started);

  // Blocks until every collector has answered or the deadline has passed.
  MetricFamilies Gather(const ScrapeRequest& request);

  // Identities in configuration order, for pages.
  std::vector<CollectorIdentity> Identities() const;

  // The due times of the scheduled collectors, for a Scheduler.
  Timetable& timetable() { return *timetable_; }

 private:
  using Sources = std::vector<std::shared_ptr<Source>>;

  // What is kept of a collector over a reload.
  struct Known {
    std::shared_ptr<CollectorState> state{};
    std::shared_ptr<ScheduledSource> scheduled{};  // null: runs at each scrape
  };

  std::shared_ptr<const Sources> Current() const;
  Sources Selected(const Selection& selection) const;
  std::shared_ptr<CollectorState> StateFor(const CollectorIdentity& who) const;
  // On the runs of `before`, if that is the same collector.
  std::shared_ptr<ScheduledSource> Scheduled(
      std::shared_ptr<const Collector> collector,
      const std::shared_ptr<CollectorState>& state,
      const ScheduledSource* before) const;
  // Indices of `sources`, in the order in which they are started.
  static std::vector<std::size_t> InTurn(const Sources& sources);

  const LogSeams seams_;
  const bool all_series_;
  const std::shared_ptr<SharedState> shared_;
  // Shared: a run's end may come after the gatherer's.
  const std::shared_ptr<Timetable> timetable_;
  // Constant after set-up.
  std::vector<OwnFamilies> own_;
  std::function<void()> started_;

  std::atomic<std::uint64_t> last_turn_{0};

  mutable std::mutex mutex_;
  std::shared_ptr<const Sources> sources_;  // under mutex_
  // Under mutex_, by name and matrix.
  std::map<std::pair<std::string, Labels>, Known> known_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_GATHERER_HPP_
