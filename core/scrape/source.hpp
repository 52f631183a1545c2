// Source: a collector with its schedule.
//
// The schedule is the scrape: a run starts when a scrape asks and none is under
// way. This is the only place that decides whether a scrape starts a run,
// joins one or would be served otherwise; gatherer and collectors do not know.
//
// Thread safety: all functions may be called from any thread. Invariant: a run
// may outlive its source (after a reload); it then still counts in the state.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_SOURCE_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_SOURCE_HPP_

#include <memory>
#include <mutex>

#include "core/scrape/collector.hpp"
#include "core/scrape/collector_state.hpp"
#include "core/scrape/shared_run.hpp"

namespace command_exporter {

class Source {
 public:
  Source(std::shared_ptr<const Collector> collector,
         std::shared_ptr<CollectorState> state);

  // A place at the run that serves this request. Never blocks.
  RunTicket Obtain(const CollectRequest& request);

  const CollectorIdentity& identity() const { return collector_->identity(); }

  CollectorState& state() const { return *state_; }

 private:
  const std::shared_ptr<const Collector> collector_;
  const std::shared_ptr<CollectorState> state_;

  std::mutex mutex_;
  // Weak: nobody needs the output of a run that no scrape waits for.
  std::weak_ptr<SharedRun> current_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_SOURCE_HPP_
