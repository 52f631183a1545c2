// OpenMetricsNames: what a family is called in OpenMetrics, and whether it may
// have its type there.
//
// A family owns more names in OpenMetrics than in the text format: the counter
// `jobs_total` is called `jobs` and owns `jobs_created`. With a gauge `jobs` or
// `jobs_created` in the same answer, which the text format allows, it would
// clash. It depends on the families of the answer only, not on their order, so
// that every scrape decides alike. Names are compared without quotes (see
// ScrapeRegistry), so that every client gets the same types; what a name ends
// in must stand there as it is, since OpenMetrics knows no `.total`.
// https://prometheus.io/docs/specs/om/open_metrics_spec/#metricfamily
//
// Thread safety: immutable after construction.
#ifndef COMMAND_EXPORTER_CORE_METRICS_WRITING_OPENMETRICS_NAMES_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_WRITING_OPENMETRICS_NAMES_HPP_

#include <prometheus/metric_family.h>

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/metrics/families.hpp"

namespace command_exporter {

class OpenMetricsNames {
 public:
  // `families` must outlive it.
  explicit OpenMetricsNames(const MetricFamilies& families);

  OpenMetricsNames(const OpenMetricsNames&) = delete;
  OpenMetricsNames& operator=(const OpenMetricsNames&) = delete;

  // True when the family may have its type; gauges and untyped always may.
  bool Fits(const prometheus::MetricFamily& family) const;

  // The name in the head of a family that fits: a counter's without `_total`.
  static std::string_view NameOf(const prometheus::MetricFamily& family);

  // The base unit that the name ends in, after a `_`; empty if none.
  static std::string_view UnitOf(std::string_view name);

 private:
  // Requires: `name` needs no quotes, as in the next.
  // True when a name that a family would add to its own is another's.
  bool IsTaken(std::string_view name) const;
  bool IsCreated(std::string_view name) const;

  // A legal name is a view into the families.
  std::deque<std::string> underscored_;
  std::unordered_map<std::string_view, prometheus::MetricType> types_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_WRITING_OPENMETRICS_NAMES_HPP_
