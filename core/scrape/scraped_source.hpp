// ScrapedSource: a collector whose schedule is the scrape.
//
// A run starts when a scrape asks and no run is live. A scrape that comes
// meanwhile joins it. With min_interval it may also get an earlier outcome:
// several Prometheus servers, or a browser
// that reloads, must not run an expensive command more often than its owner
// allows. A scrape within min_interval after the end of a run gets that run's
// outcome unchanged: up, duration, exit status and samples are those of that
// run, no run is counted, and no timestamp is added. (A timestamp would tell
// Prometheus that the sample is old, and a metric that alternates between with
// and without is worse than one that is a little late;
// collector_last_success_timestamp_seconds shows the age.) A failure is reused
// as well: a command that just failed is spared, too. A run that takes longer
// than every scrape that waits for it is not cancelled, or it would be started
// at each scrape and never end: it goes on to its own timeout, and a later
// scrape gets its outcome. The reasons `overload` and `launcher_lost` say
// nothing about the command, so these outcomes are not reused: the next scrape
// tries again.
//
// The price of this cache: the outcome of the last run stays in memory, with
// its samples, until the next run replaces it (some 700 bytes a sample), and
// each scrape that reuses it copies it. Without min_interval (0, the default)
// nothing is kept and nothing copied.
//
// Thread safety: all functions may be called from any thread. Invariants: a run
// may outlive its source (after a reload); it then still counts in the state. A
// reload creates new sources, so no outcome from before is reused.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_SCRAPED_SOURCE_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_SCRAPED_SOURCE_HPP_

#include <cstdint>
#include <memory>
#include <mutex>

#include "core/base/deadline.hpp"
#include "core/scrape/collector.hpp"
#include "core/scrape/collector_state.hpp"
#include "core/scrape/shared_run.hpp"
#include "core/scrape/source.hpp"

namespace command_exporter {

class ScrapedSource final : public Source {
 public:
  ScrapedSource(std::shared_ptr<const Collector> collector,
                std::shared_ptr<CollectorState> state);

  RunTicket Obtain(const CollectRequest& request,
                   std::uint64_t turn = 0) override;

 private:
  // The outcome kept for min_interval. Runs hold it, too: they may outlive the
  // source.
  class Recent {
   public:
    void Keep(std::shared_ptr<Outcome> outcome, Deadline until);
    // Null: there is none, or it has expired.
    std::shared_ptr<Outcome> Get() const;

   private:
    mutable std::mutex mutex_;
    std::shared_ptr<Outcome> outcome_;  // under mutex_
    Deadline until_;                    // under mutex_
  };

  RunObservers Observers(std::uint64_t turn) const;

  const Duration min_interval_;
  const std::shared_ptr<Recent> recent_;  // null: min_interval is 0

  std::mutex mutex_;
  // Weak: a live run holds itself.
  std::weak_ptr<SharedRun> current_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_SCRAPED_SOURCE_HPP_
