// What OpenMetrics demands of an output beyond the grammar of its lines, and
// how it is told from the text format.
//
// https://prometheus.io/docs/specs/om/open_metrics_spec/
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_METRICS_READING_OPENMETRICS_RULES_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_READING_OPENMETRICS_RULES_HPP_

#include <prometheus/metric_family.h>

#include <string>
#include <string_view>

#include "core/metrics/families.hpp"
#include "core/metrics/reading/exposition_line.hpp"
#include "core/metrics/reading/exposition_types.hpp"

namespace command_exporter {

// OpenMetrics is what ends in the line `# EOF`, blanks aside. Nothing else
// tells the formats apart before a line is read wrongly.
ExpositionFormat DetectFormat(std::string_view text);

// What is wrong with a sample of the family `name`; empty if nothing.
std::string FindSampleFault(FamilyKind kind, std::string_view name, Part part,
                            const ExpositionLine& sample);

// A gaugehistogram, read as a histogram, as three families of gauges:
// NAME_bucket, NAME_gsum and NAME_gcount. The model has no such type, and as a
// histogram its values would pass for counters.
MetricFamilies SplitGaugeHistogram(const prometheus::MetricFamily& family);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_READING_OPENMETRICS_RULES_HPP_
