// Collector: one instance of a configured collector (one combination of its
// matrix values).
//
// Collect never blocks: it starts the work and returns. The outcome comes at
// the latest at the collector's timeout plus the time to parse. The resource
// usage comes when no process of the run is left. That may be later, and a
// scrape does not wait for it.
//
// Thread safety: immutable; Collect may be called from any thread, callbacks
// come from other threads. Invariants: `outcome` is called exactly once;
// `usage` at most once, and after the outcome only if the run was ended at its
// timeout (a scrape then does not wait for the killing); `stuck` whenever that
// state changes.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_COLLECTOR_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_COLLECTOR_HPP_

#include <cstddef>
#include <functional>
#include <string>

#include "core/base/deadline.hpp"
#include "core/metrics/families.hpp"
#include "core/scrape/outcome.hpp"

namespace command_exporter {

// When a collector runs.
struct Schedule {
  Duration every{};         // 0: when a scrape asks
  Duration max_age{};       // of a result that is still served, with `every`
  bool keeps_samples{};     // those of the last good run, when one fails
  Duration min_interval{};  // without `every`: of runs; 0: each scrape runs it
};

// The identity of a collector, for metrics and log, and its schedule.
struct CollectorIdentity {
  std::string name{};
  Labels matrix{};         // sorted by name
  std::string position{};  // "file:line:column" of its definition
  Duration timeout{};
  std::size_t max_output{};  // bytes of one stream
  // Its format reads lines, so it can have collector_unmatched_lines.
  bool counts_lines{};
  std::string description{};
  Schedule schedule{};
};

struct CollectRequest {
  Deadline deadline{};  // latest useful start
};

struct CollectCallbacks {
  std::function<void(Outcome)> outcome{};
  std::function<void(const RunUsage&)> usage{};
  std::function<void(bool stuck)> stuck{};
};

// Controls for started work; both functions may be called at any time and from
// any thread.
struct CollectHandle {
  // Ends the work; idempotent. The outcome is still reported.
  std::function<void()> cancel{};
  // Postpones the latest useful start. Empty: the work never waits for its
  // start.
  std::function<void(Deadline)> extend{};
};

class Collector {
 public:
  virtual ~Collector() = default;
  virtual const CollectorIdentity& identity() const = 0;
  // Requires: callbacks.outcome is set; the others may be empty.
  virtual CollectHandle Collect(const CollectRequest& request,
                                CollectCallbacks callbacks) const = 0;
  // `other`, of the same name and matrix labels, would do the same: a reload
  // has not changed it.
  virtual bool IsUnchangedFrom(const Collector& other) const = 0;

 protected:
  Collector() = default;
  Collector(const Collector&) = default;
  Collector& operator=(const Collector&) = default;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_COLLECTOR_HPP_
