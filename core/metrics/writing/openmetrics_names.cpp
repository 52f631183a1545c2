#include "core/metrics/writing/openmetrics_names.hpp"

#include <algorithm>
#include <array>

#include "core/base/names.hpp"

namespace command_exporter {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::string_view kTotal = "_total";
constexpr std::string_view kCreated = "_created";

std::string_view Without(std::string_view suffix, std::string_view name) {
  return name.substr(0, name.size() - suffix.size());
}

// False for NaN.
bool IsCounterLike(double value) {
  return value >= 0;
}

bool HasLegalValues(const ClientMetric& metric, MetricType type) {
  switch (type) {
    case MetricType::Counter:
      return IsCounterLike(metric.counter.value);
    case MetricType::Histogram: {
      const auto& buckets = metric.histogram.bucket;
      return IsCounterLike(metric.histogram.sample_sum) &&
             (buckets.empty() || buckets.front().upper_bound >= 0);
    }
    case MetricType::Summary:
      return IsCounterLike(metric.summary.sample_sum) &&
             std::ranges::none_of(
                 metric.summary.quantile,
                 [](const auto& quantile) { return quantile.value < 0; });
    default:
      return true;
  }
}

}  // namespace

OpenMetricsNames::OpenMetricsNames(const MetricFamilies& families) {
  types_.reserve(families.size());
  for (const MetricFamily& family : families) {
    const std::string_view name =
        IsMetricName(family.name)
            ? std::string_view(family.name)
            : underscored_.emplace_back(UnderscoredMetricName(family.name));
    types_.emplace(name, family.type);
  }
}

bool OpenMetricsNames::Fits(const MetricFamily& family) const {
  if (family.type == MetricType::Gauge || family.type == MetricType::Untyped) {
    return true;
  }
  if (family.type == MetricType::Counter &&
      (!family.name.ends_with(kTotal) || family.name.size() == kTotal.size())) {
    return false;
  }
  const std::string name = UnderscoredMetricName(NameOf(family));
  if (family.type == MetricType::Counter && IsTaken(name)) {
    return false;
  }
  if (types_.contains(name + std::string(kCreated))) {
    return false;
  }
  return std::ranges::all_of(family.metric,
                             [&family](const ClientMetric& metric) {
                               return HasLegalValues(metric, family.type);
                             });
}

bool OpenMetricsNames::IsTaken(std::string_view name) const {
  if (types_.contains(name) || IsCreated(name)) {
    return true;
  }
  for (const MetricType type : {MetricType::Histogram, MetricType::Summary}) {
    for (const std::string_view suffix : DerivedSuffixes(type)) {
      if (!name.ends_with(suffix)) {
        continue;
      }
      const auto owner = types_.find(Without(suffix, name));
      if (owner != types_.end() && owner->second == type) {
        return true;
      }
    }
  }
  return false;
}

// Whether the name is the creation time of another family.
bool OpenMetricsNames::IsCreated(std::string_view name) const {
  if (!name.ends_with(kCreated)) {
    return false;
  }
  const std::string_view base = Without(kCreated, name);
  const auto owner = types_.find(base);
  return (owner != types_.end() && !DerivedSuffixes(owner->second).empty()) ||
         types_.contains(std::string(base) + std::string(kTotal));
}

std::string_view OpenMetricsNames::NameOf(const MetricFamily& family) {
  return family.type == MetricType::Counter ? Without(kTotal, family.name)
                                            : std::string_view(family.name);
}

std::string_view OpenMetricsNames::UnitOf(std::string_view name) {
  // The base units of the specification, and other common ones.
  constexpr std::array<std::string_view, 12> kUnits = {
      "seconds", "bytes",   "ratio",  "volts", "amperes", "watts",
      "joules",  "celsius", "meters", "grams", "hertz",   "kelvin"};
  const std::size_t at = name.rfind('_');
  if (at == std::string_view::npos || at == 0) {
    return {};
  }
  const std::string_view last = name.substr(at + 1);
  return std::ranges::find(kUnits, last) == kUnits.end() ? std::string_view{}
                                                         : last;
}

}  // namespace command_exporter
