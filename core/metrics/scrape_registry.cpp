#include "core/metrics/scrape_registry.hpp"

#include <prometheus/metric_family.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <utility>

#include "core/base/names.hpp"
#include "core/base/text.hpp"

namespace command_exporter {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

bool IsReservedFamily(const MetricFamily& family) {
  const auto suffixes = DerivedSuffixes(family.type);
  return !ReservedPart(family.name).empty() ||
         std::any_of(
             suffixes.begin(), suffixes.end(),
             [&family](std::string_view suffix) {
               return !ReservedPart(family.name + std::string(suffix)).empty();
             });
}

// The label that the type itself adds; a series may not have it as well.
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

std::string TooLong(std::string_view what, std::size_t size, std::size_t most) {
  return std::string(what) + " has " + std::to_string(size) +
         " bytes; more than " + std::to_string(most) + " are not served";
}

// Of one that IsCollectedMetricName refuses.
std::string MetricNameFault(const std::string& name) {
  if (name.size() > kLongestName) {
    return TooLong("a metric's name", name.size(), kLongestName) + ": " +
           Printable(name);
  }
  return "\"" + Printable(name) +
         (IsMetricName(name) ? "\" begins with _, which is never served"
                             : "\" is not a legal metric name");
}

// What is wrong with the names of the labels; empty if nothing.
std::string LabelNameFault(const ClientMetric& metric, MetricType type) {
  if (metric.label.size() > kMostLabels) {
    return "it has " + std::to_string(metric.label.size()) +
           " labels; more than " + std::to_string(kMostLabels) +
           " are not served";
  }
  for (const Label& label : metric.label) {
    if (label.name.size() > kLongestName) {
      return TooLong("a label's name", label.name.size(), kLongestName);
    }
    if (!IsLabelName(label.name)) {
      return "\"" + Printable(label.name) + "\" is not a legal label name";
    }
    if (!IsCollectedLabelName(label.name) || label.name == OwnLabel(type)) {
      return "the label name " + label.name + " is reserved";
    }
  }
  if (const auto name = RepeatedLabel(metric.label); !name.empty()) {
    return "the label " + std::string(name) + " stands there twice";
  }
  return {};
}

std::string LabelValueFault(const ClientMetric& metric) {
  for (const Label& label : metric.label) {
    if (!IsValidUtf8(label.value)) {
      return "the value of the label " + label.name + " is not valid UTF-8";
    }
    if (label.value.find('\0') != std::string::npos) {
      return "the value of the label " + label.name + " holds a NUL byte";
    }
    if (label.value.size() > kLongestLabelValue) {
      return TooLong("the value of the label " + label.name, label.value.size(),
                     kLongestLabelValue);
    }
  }
  return {};
}

bool HaveSameLabelNames(const ClientMetric& left, const ClientMetric& right) {
  return std::equal(left.label.begin(), left.label.end(), right.label.begin(),
                    right.label.end(), [](const Label& a, const Label& b) {
                      return a.name == b.name;
                    });
}

bool IsConsistent(const ClientMetric::Histogram& histogram) {
  const auto& buckets = histogram.bucket;
  const auto broken = std::adjacent_find(
      buckets.begin(), buckets.end(), [](const auto& a, const auto& b) {
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
  return std::all_of(quantiles.begin(), quantiles.end(),
                     [](const auto& quantile) {
                       return quantile.quantile >= 0 && quantile.quantile <= 1;
                     }) &&
         std::adjacent_find(quantiles.begin(), quantiles.end(),
                            [](const auto& a, const auto& b) {
                              return a.quantile >= b.quantile;
                            }) == quantiles.end();
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

// HELP must be UTF-8 without NUL (which ends the answer for Prometheus), and
// nothing of value is lost by mending it.
void MendHelp(std::string& help) {
  if (!IsValidUtf8(help) || help.find('\0') != std::string::npos) {
    help = Printable(help, help.size() * 4);
  }
}

}  // namespace

void ScrapeRegistry::AddOwn(MetricFamilies families) {
  // Unchecked: the names are reserved, so no collector's family can meet them.
  families_.insert(families_.end(), std::make_move_iterator(families.begin()),
                   std::make_move_iterator(families.end()));
}

std::vector<MetricFamily> ScrapeRegistry::Collect() const {
  MetricFamilies families = families_;
  std::sort(families.begin(), families.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return families;
}

MetricFamilies ScrapeRegistry::Take() {
  MetricFamilies families = std::exchange(families_, {});
  index_.clear();
  series_.Clear();
  owners_.clear();
  parts_.clear();
  std::sort(families.begin(), families.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return families;
}

Drops ScrapeRegistry::Add(MetricFamilies families, std::string owner) {
  Drops drops;
  owners_.push_back(std::move(owner));
  for (MetricFamily& family : families) {
    if (family.metric.empty()) {
      continue;
    }
    const std::size_t count = CountSamples(family);
    if (IsReservedFamily(family)) {
      drops.Add(DropReason::kReserved,
                family.name +
                    ": this name belongs to Prometheus or to this exporter; "
                    "choose another",
                count);
    } else if (!IsCollectedMetricName(family.name)) {
      drops.Add(DropReason::kName, MetricNameFault(family.name), count);
    } else if (std::string rival = FindRival(family); !rival.empty()) {
      drops.Add(DropReason::kTypeConflict,
                family.name + ": " + std::move(rival), count);
    } else {
      MergeFamily(std::move(family), drops);
    }
  }
  return drops;
}

std::string ScrapeRegistry::FromWhom(std::size_t family,
                                     std::size_t metric) const {
  const std::vector<Part>& parts = parts_[family];
  const auto part =
      std::find_if(parts.rbegin(), parts.rend(),
                   [metric](const Part& one) { return one.first <= metric; });
  if (part == parts.rend() || part->owner + 1 == owners_.size() ||
      owners_[part->owner].empty()) {
    return {};
  }
  return ", from " + owners_[part->owner];
}

std::string ScrapeRegistry::FindRival(const MetricFamily& family) const {
  if (const auto found = index_.find(family.name); found != index_.end()) {
    const MetricFamily& other = families_[found->second];
    if (other.type == family.type) {
      return {};
    }
    return "it is a " + std::string(TypeName(family.type)) +
           " here, but already there as a " +
           std::string(TypeName(other.type)) + FromWhom(found->second, 0);
  }
  for (const std::string_view suffix : DerivedSuffixes(MetricType::Histogram)) {
    if (!family.name.ends_with(suffix)) {
      continue;
    }
    const auto base =
        index_.find(family.name.substr(0, family.name.size() - suffix.size()));
    if (base == index_.end()) {
      continue;
    }
    const MetricFamily& other = families_[base->second];
    const auto suffixes = DerivedSuffixes(other.type);
    if (std::find(suffixes.begin(), suffixes.end(), suffix) != suffixes.end()) {
      return "it is already there as part of the " +
             std::string(TypeName(other.type)) + ' ' + other.name +
             FromWhom(base->second, 0);
    }
  }
  for (const std::string_view suffix : DerivedSuffixes(family.type)) {
    const std::string derived = family.name + std::string(suffix);
    if (const auto found = index_.find(derived); found != index_.end()) {
      return "its " + derived + " is already there as another metric" +
             FromWhom(found->second, 0);
    }
  }
  return {};
}

void ScrapeRegistry::MergeFamily(MetricFamily family, Drops& drops) {
  auto [entry, is_new] = index_.try_emplace(family.name, families_.size());
  MendHelp(family.help);
  if (is_new) {
    MetricFamily& target = families_.emplace_back();
    target.name = std::move(family.name);
    target.type = family.type;
    parts_.resize(families_.size());
  }
  MetricFamily& target = families_[entry->second];
  if (target.help.empty()) {
    target.help = std::move(family.help);
  }
  parts_[entry->second].push_back({target.metric.size(), owners_.size() - 1});
  MergeMetrics(entry->second, std::move(family.metric), drops);
  if (target.metric.empty()) {  // then it is new
    families_.pop_back();
    parts_.pop_back();
    index_.erase(entry);
  }
}

void ScrapeRegistry::MergeMetrics(std::size_t family,
                                  std::vector<ClientMetric> metrics,
                                  Drops& drops) {
  std::vector<ClientMetric>& all = families_[family].metric;
  std::size_t kept = all.size();
  if (all.empty()) {
    all = std::move(metrics);
  } else {
    all.insert(all.end(), std::make_move_iterator(metrics.begin()),
               std::make_move_iterator(metrics.end()));
  }
  series_.Reserve(all.size() - kept);
  // Some at once: see SeriesIndex::Prefetch.
  std::array<std::uint64_t, 32> hashes{};
  SeriesId id{static_cast<std::uint32_t>(family), 0};
  for (std::size_t i = kept; i < all.size(); i += hashes.size()) {
    const std::size_t count = std::min(hashes.size(), all.size() - i);
    for (std::size_t j = 0; j < count; ++j) {
      hashes[j] = HashLabels(all[i + j].label);
      series_.Prefetch(hashes[j], id.family);
    }
    for (std::size_t j = 0; j < count; ++j) {
      id.metric = static_cast<std::uint32_t>(kept);
      if (Accept(id, hashes[j], all[i + j], drops)) {
        if (kept != i + j) {
          all[kept] = std::move(all[i + j]);
        }
        ++kept;
      }
    }
  }
  all.resize(kept);
}

bool ScrapeRegistry::Accept(SeriesId id, std::uint64_t hash,
                            const ClientMetric& metric, Drops& drops) {
  const MetricFamily& target = families_[id.family];
  const auto drop = [&](DropReason reason, std::string_view why) {
    drops.Add(
        reason,
        DescribeSeries(target.name, metric.label) + ": " + std::string(why),
        CountSamples(metric, target.type));
    return false;
  };
  // Nearly always the names are those of the sample before, which may stay.
  const bool names_are_good =
      id.metric > 0 && HaveSameLabelNames(target.metric[id.metric - 1], metric);
  std::string fault =
      names_are_good ? std::string{} : LabelNameFault(metric, target.type);
  if (fault.empty()) {
    fault = LabelValueFault(metric);
  }
  if (!fault.empty()) {
    return drop(DropReason::kLabel, fault);
  }
  if (!IsConsistent(metric, target.type)) {
    return drop(DropReason::kUnsupported,
                "its buckets or quantiles are not in rising order");
  }
  const SeriesId* const present =
      series_.FindOrInsert(hash, id, [&](const SeriesId& other) {
        return SameLabels(target.metric[other.metric].label, metric.label);
      });
  if (present != nullptr) {
    return drop(
        DropReason::kDuplicate,
        "the series is already there" + FromWhom(id.family, present->metric));
  }
  return true;
}

}  // namespace command_exporter
