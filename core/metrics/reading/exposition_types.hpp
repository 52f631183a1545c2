// The types of families that a command may print, and whose a name with a
// suffix is.
//
// Text 0.0.4 has five types, OpenMetrics eight. prometheus::MetricFamily has
// five: what OpenMetrics has beyond them becomes the nearest of these.
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

// What a line says about its family.
enum class Part : std::uint8_t {
  kPoint,  // the value, a bucket or a quantile
  kSum,
  kCount,
  kCreated,  // when the metric was created; nothing can carry it
};

// From a TYPE line, in any case.
std::optional<FamilyKind> FindKind(std::string_view word,
                                   ExpositionFormat format);
std::string_view KindName(FamilyKind kind);
// "counter, gauge, ... and untyped".
std::string KindWords(ExpositionFormat format);

// The type that carries it: a gauge for info, stateset and gaugehistogram.
prometheus::MetricType ModelType(FamilyKind kind);

// Histograms of both kinds and summaries.
bool IsDistribution(FamilyKind kind);

struct PartSuffix {
  std::string_view text{};
  Part part{};
};

// What such a family appends to its name for its samples.
std::span<const PartSuffix> SuffixesOf(FamilyKind kind,
                                       ExpositionFormat format);

// Every text that any kind may append.
std::span<const std::string_view> AllSuffixes();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_READING_EXPOSITION_TYPES_HPP_
