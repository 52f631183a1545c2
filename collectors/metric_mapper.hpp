// MetricMapper: rows of named fields become samples, as [[collector.metric]]
// says.
//
// Compiled once from the configuration, used on every run. All of a run's
// samples come or none: a field that is no number, a metric without a sample
// and two samples with the same labels are failures with their line, never 0
// and never silently less.
//
// Thread safety: immutable; Map may run on many threads.
#ifndef COMMAND_EXPORTER_COLLECTORS_METRIC_MAPPER_HPP_
#define COMMAND_EXPORTER_COLLECTORS_METRIC_MAPPER_HPP_

#include <string_view>
#include <vector>

#include "collectors/formats/rows.hpp"
#include "core/base/reason.hpp"
#include "core/base/result.hpp"
#include "core/config/config.hpp"
#include "core/metrics/families.hpp"

namespace command_exporter {

// Appends the family of `metric` to `families`. `matrix` labels are added to
// every sample. Errors: kParse, kMissing, kDuplicate.
Status<Failure> MapMetric(const MetricConfig& metric,
                          std::string_view collector, const Labels& matrix,
                          const Rows& rows, MetricFamilies& families);

// key_value without any metric: every field with a legal name is a gauge (or a
// counter, by its name). Errors: kParse, kDuplicate.
Status<Failure> MapAllFields(std::string_view collector, const Labels& matrix,
                             const Rows& rows, MetricFamilies& families);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_METRIC_MAPPER_HPP_
