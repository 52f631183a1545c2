// The exporter's metrics about its collectors: command_exporter_collector_* and
// command_exporter_scrape_duration_seconds.
//
// Every collector has eleven series in every scrape and from 0, whether it
// failed or not: an alert must not lose its series because the monitored
// command failed. The totals count all reasons together, so they never miss the
// first failure. The others are optional (optional_series.hpp). The reason of a
// failure is a label of an info metric only while the collector is down.
// docs/metrics.md describes each series.
//
// Thread safety: pure function.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_SELF_METRICS_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_SELF_METRICS_HPP_

#include <cstdint>
#include <memory>
#include <span>

#include "core/base/deadline.hpp"
#include "core/metrics/drops.hpp"
#include "core/metrics/families.hpp"
#include "core/scrape/collector.hpp"
#include "core/scrape/collector_state.hpp"
#include "core/scrape/optional_series.hpp"
#include "core/scrape/outcome.hpp"

namespace command_exporter {

// One collector in one scrape.
struct CollectorReport {
  const CollectorIdentity* who{};            // not null
  std::shared_ptr<const Outcome> outcome{};  // null: late
  Duration waited{};                         // when late: how long
  std::uint64_t samples{};                   // in the answer
  Drops drops{};                             // by format and merge
  CollectorCounters counters{};
  OptionalSeries series{};
};

// The optional series that have something to report in this scrape.
OptionalSeries SeriesToReport(const CollectorReport& report);

// `refused`: runs of all collectors that were not started, since the start.
MetricFamilies SelfMetrics(std::span<const CollectorReport> reports,
                           std::uint64_t refused, Duration scrape_duration);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_SELF_METRICS_HPP_
