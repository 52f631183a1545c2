// MetricMapper: turns rows of named fields into samples, by
// [[collector.metric]].
//
// It is compiled once from the configuration and used for every run. It returns
// all samples of a run or none: a field that is not a number, a metric without
// a sample and two samples with the same labels are failures with their line,
// never 0 and never silently dropped.
//
// The details, as in docs/configuration.md:
//  - `_line` is the number of the row's line in the output, `_exit_code` the
//    run's exit status; both are fields of every row.
//  - A label is empty in a row that lacks its field. If no row has the field,
//    that is an error (kMissing), unless on_missing = "skip" or there is a
//    default. The same is true for the field of a `where` or `where_not`, and
//    for each of several fields that give the value.
//  - A field that no row can have (Rows::has_closed_names) is an error even
//    with a default; with on_missing = "skip" the metric has no sample.
//  - `map` gives final numbers: unit and scale are not applied to them. If one
//    of its keys is a number, only its keys are read.
//  - `default` is the value of a metric without a sample; it needs labels that
//    do not come from rows. Known label values without a row get the default,
//    else 0.
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
  // `max_samples`, before they use memory.
  Status<Failure> Map(const Rows& rows, std::size_t max_samples,
                      MetricFamilies& families) const;

  const MetricConfig& config() const { return *metric_.config; }

 private:
  CompiledMetric metric_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_MAPPING_METRIC_MAPPER_HPP_
