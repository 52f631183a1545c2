// OpenMetricsNames: the name of a family in OpenMetrics, and whether the family
// may keep its type there.
//
// A family owns more names in OpenMetrics than in the text format: the counter
// `jobs_total` is called `jobs` and owns `jobs_created`. It would clash with a
// gauge `jobs` or `jobs_created` in the same answer, which the text format
// allows. The result depends only on the families of the answer, not on their
// order, so that every scrape decides alike. Names are compared without quotes
// (see ScrapeRegistry), so that every client gets the same types. Suffixes must
// appear unchanged, because OpenMetrics has no `.total`.
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
  // `families` must outlive this object.
  explicit OpenMetricsNames(const MetricFamilies& families);

  OpenMetricsNames(const OpenMetricsNames&) = delete;
  OpenMetricsNames& operator=(const OpenMetricsNames&) = delete;

  // True when the family may keep its type; always for gauges and untyped.
  bool Fits(const prometheus::MetricFamily& family) const;

  // The name in the head of a family that fits: a counter's without `_total`.
  static std::string_view NameOf(const prometheus::MetricFamily& family);

  // The base unit at the end of the name, after a `_`; empty if none.
  static std::string_view UnitOf(std::string_view name);

 private:
  // Requires of both: `name` needs no quotes. True when another family has or
  // derives the name.
  bool IsTaken(std::string_view name) const;
  bool IsCreated(std::string_view name) const;

  // Legal names are views into the families.
  std::deque<std::string> underscored_;
  std::unordered_map<std::string_view, prometheus::MetricType> types_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_WRITING_OPENMETRICS_NAMES_HPP_
