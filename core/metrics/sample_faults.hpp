// Checks one sample of a family, independent of all other samples.
//
// Label names are checked in their underscored form, because that is what
// clients without quoted names get: `.x` is judged as `_x`. A returned text
// describes the fault, for a message; it is empty when there is none.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_METRICS_SAMPLE_FAULTS_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_SAMPLE_FAULTS_HPP_

#include <prometheus/client_metric.h>
#include <prometheus/metric_type.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace command_exporter {

// "WHAT has SIZE bytes; ..."
std::string TooLongText(std::string_view what, std::size_t size,
                        std::size_t most);

// True when no name needs quotes.
bool HasLegalLabelNames(const prometheus::ClientMetric& metric);

// `names_are_good`: the label names are already checked.
std::string LabelFault(const prometheus::ClientMetric& metric,
                       prometheus::MetricType type, bool names_are_good);

// False for buckets or quantiles that contradict each other or the count.
bool IsConsistent(const prometheus::ClientMetric& metric,
                  prometheus::MetricType type);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_SAMPLE_FAULTS_HPP_
