#include "core/metrics/families.hpp"

#include <array>

namespace command_exporter {

prometheus::MetricFamily MakeFamily(std::string name, std::string help,
                                    prometheus::MetricType type) {
  return {std::move(name), std::move(help), type, {}};
}

prometheus::MetricFamily MakeSingleFamily(std::string name, std::string help,
                                          prometheus::MetricType type,
                                          double value) {
  prometheus::MetricFamily family =
      MakeFamily(std::move(name), std::move(help), type);
  AddSample(family, {}, value);
  return family;
}

void AddSample(prometheus::MetricFamily& family, const Labels& labels,
               double value) {
  prometheus::ClientMetric& metric = family.metric.emplace_back();
  metric.label.reserve(labels.size());
  for (const auto& [name, text] : labels) {
    metric.label.push_back({name, text});
  }
  SetValue(metric, family.type, value);
}

void SetValue(prometheus::ClientMetric& metric, prometheus::MetricType type,
              double value) {
  switch (type) {
    case prometheus::MetricType::Counter:
      metric.counter.value = value;
      break;
    case prometheus::MetricType::Gauge:
      metric.gauge.value = value;
      break;
    default:
      metric.untyped.value = value;
      break;
  }
}

std::size_t CountSamples(const prometheus::ClientMetric& metric,
                         prometheus::MetricType type) {
  constexpr std::size_t kSumAndCount = 2;
  switch (type) {
    case prometheus::MetricType::Histogram:
      return metric.histogram.bucket.size() + kSumAndCount;
    case prometheus::MetricType::Summary:
      return metric.summary.quantile.size() + kSumAndCount;
    default:
      return 1;
  }
}

std::size_t CountSamples(const prometheus::MetricFamily& family) {
  std::size_t count = 0;
  for (const auto& metric : family.metric) {
    count += CountSamples(metric, family.type);
  }
  return count;
}

std::size_t CountSamples(const MetricFamilies& families) {
  std::size_t count = 0;
  for (const auto& family : families) {
    count += CountSamples(family);
  }
  return count;
}

std::span<const std::string_view> DerivedSuffixes(prometheus::MetricType type) {
  // A summary has the first two.
  static constexpr std::array<std::string_view, 3> kSuffixes = {
      "_sum", "_count", "_bucket"};
  switch (type) {
    case prometheus::MetricType::Histogram:
      return kSuffixes;
    case prometheus::MetricType::Summary:
      return std::span<const std::string_view>(kSuffixes).first(2);
    default:
      return {};
  }
}

std::string_view TypeName(prometheus::MetricType type) {
  switch (type) {
    case prometheus::MetricType::Counter:
      return "counter";
    case prometheus::MetricType::Gauge:
      return "gauge";
    case prometheus::MetricType::Histogram:
      return "histogram";
    case prometheus::MetricType::Summary:
      return "summary";
    default:
      return "untyped";
  }
}

}  // namespace command_exporter
