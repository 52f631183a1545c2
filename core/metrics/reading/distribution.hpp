// Distribution: a histogram or summary, assembled from its lines.
//
// The text format spreads one metric over many lines (NAME_bucket, NAME_sum,
// NAME_count, or NAME with a quantile) in any order. This class groups the
// lines by their labels and compares them at the end of the text. An incomplete
// or contradictory metric fails, because no number may be invented for a
// missing one. A metric with a timestamp on any line is dropped completely.
// https://prometheus.io/docs/instrumenting/exposition_formats/#histograms-and-summaries
//
// Thread safety: none.
#ifndef COMMAND_EXPORTER_CORE_METRICS_READING_DISTRIBUTION_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_READING_DISTRIBUTION_HPP_

#include <prometheus/client_metric.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/reason.hpp"
#include "core/metrics/drops.hpp"
#include "core/metrics/reading/exposition_line.hpp"
#include "core/metrics/reading/exposition_types.hpp"
#include "core/metrics/series.hpp"
#include "core/metrics/series_index.hpp"

namespace command_exporter {

// A failure and the line that caused it.
struct LineFailure {
  Reason reason{Reason::kParse};
  std::size_t line{};
  std::string what{};
};

class Distribution {
 public:
  // Requires: `kind` is a distribution.
  Distribution(std::string_view name, FamilyKind kind, ExpositionFormat format)
      : name_(name),
        kind_(kind),
        strict_(format == ExpositionFormat::kOpenMetrics) {}

  // Adds the sample of line `number`. Requires: not kCreated.
  std::optional<LineFailure> Add(Part part, const ExpositionLine& sample,
                                 std::size_t number);

  // Checks each metric and appends it to `metrics`, or counts it in `drops`.
  std::optional<LineFailure> Finish(
      std::vector<prometheus::ClientMetric>& metrics, Drops& drops);

 private:
  struct Point {
    double position{};  // upper bound or quantile
    double value{};
    std::size_t line{};
  };

  struct Entry {
    prometheus::ClientMetric metric{};
    std::vector<Point> points{};
    std::optional<double> sum{};
    std::optional<double> count{};
    std::size_t first_line{};
    std::size_t samples{};
    bool has_timestamp{};
  };

  bool IsHistogram() const { return kind_ != FamilyKind::kSummary; }

  Entry& FindEntry(const std::vector<LabelView>& labels);
  std::optional<LineFailure> AddPoint(Entry& entry, std::string_view position,
                                      double value, std::size_t number) const;
  std::optional<LineFailure> SetPart(Entry& entry, Part part,
                                     const ExpositionLine& sample,
                                     std::size_t number) const;
  std::optional<LineFailure> CheckPoints(const Entry& entry) const;
  std::optional<LineFailure> CheckSum(const Entry& entry) const;
  std::optional<LineFailure> FinishEntry(Entry& entry) const;
  std::optional<LineFailure> FinishBuckets(Entry& entry) const;
  LineFailure Incomplete(const Entry& entry, Part part) const;
  // NAME_sum or NAME_count, in the spelling of this kind; for a message.
  std::string PartName(Part part) const;

  std::string name_;
  FamilyKind kind_;
  bool strict_;  // OpenMetrics: stricter values, more parts may lack
  std::vector<Entry> entries_;
  SeriesIndex index_;
  std::vector<LabelView> labels_;  // of the line, without le or quantile
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_READING_DISTRIBUTION_HPP_
