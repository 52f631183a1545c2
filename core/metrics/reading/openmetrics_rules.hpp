// The rules of OpenMetrics beyond the grammar of lines, and the detection of
// OpenMetrics.
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

// OpenMetrics ends in the line `# EOF`, blanks aside. Nothing else
// distinguishes the formats before a line is misread.
ExpositionFormat DetectFormat(std::string_view text);

// The error in a sample of the family `name`; empty if none.
std::string FindSampleFault(FamilyKind kind, std::string_view name, Part part,
                            const ExpositionLine& sample);

// Splits a gaugehistogram, read as a histogram, into three families of gauges:
// NAME_bucket, NAME_gsum and NAME_gcount. The model has no such type, and in a
// histogram its values would appear to be counters.
MetricFamilies SplitGaugeHistogram(const prometheus::MetricFamily& family);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_READING_OPENMETRICS_RULES_HPP_
