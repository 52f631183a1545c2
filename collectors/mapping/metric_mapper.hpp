// MetricMapper: rows of named fields become samples, as [[collector.metric]]
// says.
//
// Compiled once from the configuration, used on every run. All of a run's
// samples come or none: a field that is no number, a metric without a sample
// and two samples with the same labels are failures with their line, never 0
// and never silently less.
//
// The fine print, as in docs/configuration.md:
//  - `_line` is the number of the row's line in the output, `_exit_code` the
//    run's exit status; both are fields of every row.
//  - A label whose field the row does not have is empty; one whose field no
//    row has is a mistake (kMissing), unless on_missing = "skip" or there is a
//    default. So is a `where` on a field that no row has.
//  - `map` gives final numbers: unit and scale do not touch them.
//  - `default` is the value of a metric that got no sample; it needs labels
//    that do not come from rows. Known label values that no row had get the
//    default, else 0.
//
// Thread safety: immutable; Map may run on many threads.
#ifndef COMMAND_EXPORTER_COLLECTORS_MAPPING_METRIC_MAPPER_HPP_
#define COMMAND_EXPORTER_COLLECTORS_MAPPING_METRIC_MAPPER_HPP_

#include <cstddef>
#include <string_view>

#include "collectors/formats/rows.hpp"
#include "collectors/mapping/compiled_metric.hpp"
#include "core/base/reason.hpp"
#include "core/base/result.hpp"
#include "core/config/config.hpp"
#include "core/metrics/families.hpp"

namespace command_exporter {

class MetricMapper {
 public:
  // `matrix` labels are added to every sample. `metric` must outlive it.
  MetricMapper(const MetricConfig& metric, std::string_view collector,
               const Labels& matrix)
      : metric_(metric, collector, matrix) {}

  // Appends the family of the metric, if it has samples. Errors: kParse,
  // kMissing, kDuplicate; kSampleLimit as soon as there are more than
  // `max_samples`, before memory is spent on them.
  Status<Failure> Map(const Rows& rows, std::size_t max_samples,
                      MetricFamilies& families) const;

  const MetricConfig& config() const { return *metric_.config; }

 private:
  CompiledMetric metric_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_MAPPING_METRIC_MAPPER_HPP_
