// Source: a collector with its schedule.
//
// Only a source decides whether a scrape starts a run, joins one or gets an
// earlier outcome; gatherer and collectors do not know. A ScrapedSource runs
// its collector when a scrape asks, a ScheduledSource on a clock of its own.
//
// Thread safety: all functions may be called from any thread. Invariant: a run
// may outlive its source (after a reload); it then still counts in the state.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_SOURCE_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_SOURCE_HPP_

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "core/scrape/collector.hpp"
#include "core/scrape/collector_state.hpp"
#include "core/scrape/shared_run.hpp"

namespace command_exporter {

class Source {
 public:
  virtual ~Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  // A share in the run that serves this request, or an outcome that is there
  // already. Never blocks. `turn`: the number of the scrape, for
  // CollectorState::last_turn.
  virtual RunTicket Obtain(const CollectRequest& request,
                           std::uint64_t turn) = 0;

  const CollectorIdentity& identity() const { return collector_->identity(); }

  const std::shared_ptr<const Collector>& collector() const {
    return collector_;
  }

  CollectorState& state() const { return *state_; }

 protected:
  Source(std::shared_ptr<const Collector> collector,
         std::shared_ptr<CollectorState> state)
      : collector_(std::move(collector)),
        state_(std::move(state)) {}

  // Counts a run that starts now; returns its callback for `stuck`.
  std::function<void(bool)> CountStart() const {
    return [state = state_, number = state_->RunStarted()](bool stuck) {
      state->RunStuck(number, stuck);
    };
  }

  // For the callbacks of runs.
  const std::shared_ptr<CollectorState>& shared_state() const { return state_; }

 private:
  const std::shared_ptr<const Collector> collector_;
  const std::shared_ptr<CollectorState> state_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_SOURCE_HPP_
