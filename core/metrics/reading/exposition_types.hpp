// The types of families that a command may print, and the suffixes that belong
// to each type.
//
// Text 0.0.4 has five types, OpenMetrics eight. prometheus::MetricFamily has
// five; the other types of OpenMetrics become the nearest of these.
// https://prometheus.io/docs/specs/om/open_metrics_spec/#metric-types
//
// Thread safety: everything here is constant.
#ifndef COMMAND_EXPORTER_CORE_METRICS_READING_EXPOSITION_TYPES_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_READING_EXPOSITION_TYPES_HPP_

#include <prometheus/metric_type.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace command_exporter {

enum class ExpositionFormat : std::uint8_t { kText, kOpenMetrics };

enum class FamilyKind : std::uint8_t {
  kUntyped,
  kGauge,
  kCounter,
  kHistogram,
  kSummary,
  kGaugeHistogram,
  kInfo,
  kStateSet,
};

// The part of its family that a line gives.
enum class Part : std::uint8_t {
  kPoint,  // the value, a bucket or a quantile
  kSum,
  kCount,
  kCreated,  // the time of creation; the model cannot hold it
};

// From a TYPE line, in any case.
std::optional<FamilyKind> FindKind(std::string_view word,
                                   ExpositionFormat format);
std::string_view KindName(FamilyKind kind);
// "counter, gauge, ... and untyped".
std::string KindWords(ExpositionFormat format);

// The type in the model: a gauge for info, stateset and gaugehistogram.
prometheus::MetricType ModelType(FamilyKind kind);

// Histograms of both kinds and summaries.
bool IsDistribution(FamilyKind kind);

struct PartSuffix {
  std::string_view text{};
  Part part{};
};

// The suffixes that such a family appends to its name for its samples.
std::span<const PartSuffix> SuffixesOf(FamilyKind kind,
                                       ExpositionFormat format);

// Every suffix of any kind.
std::span<const std::string_view> AllSuffixes();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_READING_EXPOSITION_TYPES_HPP_
