// The one metric model: prometheus-cpp's MetricFamily values, created for each
// scrape.
//
// Nothing is updated in place and nothing outlives a scrape, so a series that a
// command no longer prints disappears. Families are built directly as vectors;
// the helpers here only shorten that.
// https://prometheus.io/docs/instrumenting/writing_exporters/
//
// Thread safety: plain values.
#ifndef COMMAND_EXPORTER_CORE_METRICS_FAMILIES_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_FAMILIES_HPP_

#include <prometheus/metric_family.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace command_exporter {

using MetricFamilies = std::vector<prometheus::MetricFamily>;
using Labels = std::vector<std::pair<std::string, std::string>>;

prometheus::MetricFamily MakeFamily(std::string name, std::string help,
                                    prometheus::MetricType type);

// With one sample, which has no labels.
prometheus::MetricFamily MakeSingleFamily(std::string name, std::string help,
                                          prometheus::MetricType type,
                                          double value);

// Adds one sample to a gauge, counter or untyped family.
// Requires: `family.type` is one of those.
void AddSample(prometheus::MetricFamily& family, const Labels& labels,
               double value);

// Sets the value of a gauge, counter or untyped sample.
// Requires: `type` is one of those.
void SetValue(prometheus::ClientMetric& metric, prometheus::MetricType type,
              double value);

// The number of samples that a metric or family has in the exposition (a
// histogram counts its buckets, sum and count).
std::size_t CountSamples(const prometheus::ClientMetric& metric,
                         prometheus::MetricType type);
std::size_t CountSamples(const prometheus::MetricFamily& family);
std::size_t CountSamples(const MetricFamilies& families);

// The suffixes of a family of `type` for its further samples: `_sum`, `_count`
// and, for a histogram, `_bucket`. Empty for the simple types.
std::span<const std::string_view> DerivedSuffixes(prometheus::MetricType type);

// As in a TYPE line.
std::string_view TypeName(prometheus::MetricType type);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_FAMILIES_HPP_
