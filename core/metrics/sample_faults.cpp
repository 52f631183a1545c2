#include "core/metrics/sample_faults.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/names.hpp"
#include "core/base/text.hpp"
#include "core/metrics/name_scheme.hpp"
#include "core/metrics/series.hpp"

namespace command_exporter {

std::string TooLongText(std::string_view what, std::size_t size,
                        std::size_t most) {
  return std::string(what) + " has " + std::to_string(size) +
         " bytes; more than " + std::to_string(most) + " are not served";
}

bool HasLegalLabelNames(const prometheus::ClientMetric& metric) {
  return std::ranges::all_of(metric.label, IsLabelName, &Label::name);
}

namespace {

using prometheus::ClientMetric;
using prometheus::MetricType;

// The label that the type itself adds; a series must not have it as well.
std::string_view OwnLabel(MetricType type) {
  switch (type) {
    case MetricType::Histogram:
      return "le";
    case MetricType::Summary:
      return "quantile";
    default:
      return {};
  }
}

std::string NameFault(const std::string& name, MetricType type) {
  if (name.size() > kLongestName) {
    return TooLongText("a label's name", name.size(), kLongestName);
  }
  if (!IsQuotableName(name)) {
    return Quote(name) + " is not a legal label name";
  }
  const std::string underscored = UnderscoredLabelName(name);
  if (underscored.front() != '_' && underscored != OwnLabel(type)) {
    return {};
  }
  return "the label name " + DescribeLabelName(name) +
         (name == underscored
              ? ""
              : " (without quotes: " + Printable(underscored) + ")") +
         " is reserved";
}

std::string NamesFault(const ClientMetric& metric, MetricType type) {
  // An empty value is an absent label.
  const auto labels = static_cast<std::size_t>(std::ranges::count_if(
      metric.label, [](const Label& label) { return !label.value.empty(); }));
  if (labels > kMostLabels) {
    return "it has " + std::to_string(labels) + " labels; more than " +
           std::to_string(kMostLabels) + " are not served";
  }
  for (const Label& label : metric.label) {
    if (std::string fault = NameFault(label.name, type); !fault.empty()) {
      return fault;
    }
  }
  if (const auto name = RepeatedLabel(metric.label); !name.empty()) {
    return "the label " + DescribeLabelName(name) + " stands there twice";
  }
  if (HasLegalLabelNames(metric)) {
    return {};
  }
  const std::vector<Label> underscored = UnderscoredLabels(metric.label);
  if (const auto name = RepeatedLabel(underscored); !name.empty()) {
    return "without quotes the label " + Printable(name) +
           " stands there twice";
  }
  return {};
}

std::string ValueFault(const Label& label) {
  const auto what = [&label] {
    return "the value of the label " + DescribeLabelName(label.name);
  };
  if (!IsValidUtf8(label.value)) {
    return what() + " is not valid UTF-8";
  }
  if (label.value.find('\0') != std::string::npos) {
    return what() + " holds a NUL byte";
  }
  return label.value.size() > kLongestLabelValue
             ? TooLongText(what(), label.value.size(), kLongestLabelValue)
             : std::string{};
}

bool IsConsistent(const ClientMetric::Histogram& histogram) {
  const auto& buckets = histogram.bucket;
  const auto broken =
      std::ranges::adjacent_find(buckets, [](const auto& a, const auto& b) {
        // Written so that a NaN bound is broken as well.
        return !(a.upper_bound < b.upper_bound) ||
               a.cumulative_count > b.cumulative_count;
      });
  if (broken != buckets.end()) {
    return false;
  }
  if (buckets.empty()) {
    return true;
  }
  const auto& last = buckets.back();
  return !std::isnan(last.upper_bound) &&
         (last.upper_bound == HUGE_VAL
              ? last.cumulative_count == histogram.sample_count
              : last.cumulative_count <= histogram.sample_count);
}

bool IsConsistent(const ClientMetric::Summary& summary) {
  const auto& quantiles = summary.quantile;
  return std::ranges::all_of(quantiles,
                             [](const auto& quantile) {
                               return quantile.quantile >= 0 &&
                                      quantile.quantile <= 1;
                             }) &&
         std::ranges::adjacent_find(quantiles,
                                    [](const auto& a, const auto& b) {
                                      return a.quantile >= b.quantile;
                                    }) == quantiles.end();
}

}  // namespace

std::string LabelFault(const ClientMetric& metric, MetricType type,
                       bool names_are_good) {
  if (!names_are_good) {
    if (std::string fault = NamesFault(metric, type); !fault.empty()) {
      return fault;
    }
  }
  for (const Label& label : metric.label) {
    if (std::string fault = ValueFault(label); !fault.empty()) {
      return fault;
    }
  }
  return {};
}

bool IsConsistent(const ClientMetric& metric, MetricType type) {
  switch (type) {
    case MetricType::Histogram:
      return IsConsistent(metric.histogram);
    case MetricType::Summary:
      return IsConsistent(metric.summary);
    default:
      return true;
  }
}

}  // namespace command_exporter
