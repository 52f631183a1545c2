#include "core/metrics/reading/openmetrics_rules.hpp"

#include <algorithm>
#include <utility>

#include "core/metrics/name_scheme.hpp"
#include "core/metrics/text_buffer.hpp"

namespace command_exporter {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

std::string Belongs(std::string_view name, FamilyKind kind,
                    std::string_view suffix) {
  return DescribeMetricName(name) + " is of the type " +
         std::string(KindName(kind)) + "; its samples are " +
         DescribeMetricName(std::string(name) + std::string(suffix));
}

bool MayHaveExemplar(FamilyKind kind, Part part) {
  return part == Part::kPoint &&
         (kind == FamilyKind::kCounter || kind == FamilyKind::kHistogram ||
          kind == FamilyKind::kGaugeHistogram);
}

std::string FindStateFault(std::string_view name,
                           const ExpositionLine& sample) {
  if (std::ranges::find(sample.labels, name, &LabelView::name) ==
      sample.labels.end()) {
    return "a sample of the stateset " + DescribeMetricName(name) +
           " needs the label " + DescribeLabelName(name);
  }
  return sample.value == 0 || sample.value == 1
             ? std::string{}
             : "a sample of the stateset " + DescribeMetricName(name) +
                   " is 0 or 1 and nothing else";
}

std::string FindValueFault(FamilyKind kind, std::string_view name,
                           const ExpositionLine& sample) {
  switch (kind) {
    case FamilyKind::kCounter:
      if (!sample.name.ends_with("_total")) {
        return Belongs(name, kind, "_total");
      }
      return sample.value >= 0 ? std::string{}  // false for NaN
                               : "the counter " + DescribeMetricName(name) +
                                     " is below zero or not a number";
    case FamilyKind::kInfo:
      if (sample.name == name) {
        return Belongs(name, kind, "_info");
      }
      return sample.value == 1
                 ? std::string{}
                 : "the info " + DescribeMetricName(name) + " is not 1";
    case FamilyKind::kStateSet:
      return FindStateFault(name, sample);
    default:
      return {};
  }
}

}  // namespace

ExpositionFormat DetectFormat(std::string_view text) {
  constexpr std::string_view kEnd = "# EOF";
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  text = text.substr(0, last == std::string_view::npos ? 0 : last + 1);
  if (!text.ends_with(kEnd)) {
    return ExpositionFormat::kText;
  }
  text.remove_suffix(kEnd.size());
  const std::size_t before = text.find_last_not_of(" \t");
  return before == std::string_view::npos || text[before] == '\n'
             ? ExpositionFormat::kOpenMetrics
             : ExpositionFormat::kText;
}

std::string FindSampleFault(FamilyKind kind, std::string_view name, Part part,
                            const ExpositionLine& sample) {
  if (sample.has_exemplar && !MayHaveExemplar(kind, part)) {
    return "only counters and buckets may have an exemplar";
  }
  return part == Part::kPoint ? FindValueFault(kind, name, sample)
                              : std::string{};
}

MetricFamilies SplitGaugeHistogram(const MetricFamily& family) {
  MetricFamilies parts;
  for (const char* const suffix : {"_bucket", "_gsum", "_gcount"}) {
    parts.push_back(
        MakeFamily(family.name + suffix, family.help, MetricType::Gauge));
  }
  const auto add = [](MetricFamily& part, const ClientMetric& metric,
                      double value) -> ClientMetric& {
    ClientMetric& added = part.metric.emplace_back();
    added.label = metric.label;
    added.gauge.value = value;
    return added;
  };
  for (const ClientMetric& metric : family.metric) {
    for (const auto& bucket : metric.histogram.bucket) {
      std::string bound;
      TextBuffer text(bound);
      text.AppendCanonicalFloat(bucket.upper_bound);
      text.Flush();
      add(parts[0], metric, static_cast<double>(bucket.cumulative_count))
          .label.push_back({"le", std::move(bound)});
    }
    add(parts[1], metric, metric.histogram.sample_sum);
    add(parts[2], metric, static_cast<double>(metric.histogram.sample_count));
  }
  return parts;
}

}  // namespace command_exporter
