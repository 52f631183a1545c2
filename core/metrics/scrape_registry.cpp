#include "core/metrics/scrape_registry.hpp"

#include <prometheus/metric_family.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "core/base/names.hpp"
#include "core/base/text.hpp"
#include "core/metrics/name_scheme.hpp"
#include "core/metrics/sample_faults.hpp"

namespace command_exporter {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

bool IsReserved(const std::string& name, MetricType type) {
  const auto suffixes = DerivedSuffixes(type);
  return !ReservedPart(name).empty() ||
         std::ranges::any_of(suffixes, [&name](std::string_view suffix) {
           return !ReservedPart(name + std::string(suffix)).empty();
         });
}

// Names the underscored form in a message, if it differs.
std::string WithoutQuotes(std::string_view name, std::string_view underscored) {
  return name == underscored
             ? std::string{}
             : " (without quotes: " + Printable(underscored) + ")";
}

std::string InWords(std::string_view name, std::string_view underscored) {
  return DescribeMetricName(name) + WithoutQuotes(name, underscored);
}

bool HaveSameLabelNames(const ClientMetric& left, const ClientMetric& right) {
  return std::ranges::equal(left.label, right.label, {}, &Label::name,
                            &Label::name);
}

// HELP must be UTF-8 without NUL (for Prometheus, NUL ends the answer).
// Escaping bad bytes loses nothing of value.
void MendHelp(std::string& help) {
  if (!IsValidUtf8(help) || help.find('\0') != std::string::npos) {
    help = Printable(help, help.size() * 4);
  }
}

std::string_view TypeInWords(MetricType type) {
  return type == MetricType::Untyped ? "metric without a type" : TypeName(type);
}

}  // namespace

void ScrapeRegistry::AddOwn(MetricFamilies families) {
  // Not checked: the names are reserved, so no collector's family can have
  // them.
  families_.insert(families_.end(), std::make_move_iterator(families.begin()),
                   std::make_move_iterator(families.end()));
}

std::vector<MetricFamily> ScrapeRegistry::Collect() const {
  return ScrapeRegistry(*this).Take();
}

MetricFamilies ScrapeRegistry::Take() {
  MetricFamilies families = std::exchange(families_, {});
  index_.clear();
  series_.Clear();
  owners_.clear();
  parts_.clear();
  std::ranges::sort(families, {}, &MetricFamily::name);
  return families;
}

Drops ScrapeRegistry::Add(MetricFamilies families, std::string owner) {
  Drops drops;
  owners_.push_back(std::move(owner));
  for (MetricFamily& family : families) {
    if (family.metric.empty()) {
      continue;
    }
    std::string name = UnderscoredMetricName(family.name);
    if (const auto fault = FindFault(family, name)) {
      drops.Add(fault->reason, fault->what, CountSamples(family));
    } else {
      MergeFamily(std::move(family), std::move(name), drops);
    }
  }
  return drops;
}

std::optional<ScrapeRegistry::Fault> ScrapeRegistry::FindFault(
    const MetricFamily& family, const std::string& name) const {
  if (IsReserved(name, family.type)) {
    return Fault{DropReason::kReserved,
                 InWords(family.name, name) +
                     ": this name belongs to Prometheus or to this exporter; "
                     "choose another"};
  }
  if (family.name.size() > kLongestName) {
    return Fault{
        DropReason::kName,
        TooLongText("a metric's name", family.name.size(), kLongestName) +
            ": " + Printable(family.name)};
  }
  if (!IsQuotableName(family.name)) {
    return Fault{DropReason::kName,
                 Quote(family.name) + " is not a legal metric name"};
  }
  if (name.front() == '_') {
    return Fault{DropReason::kName, Quote(family.name) +
                                        WithoutQuotes(family.name, name) +
                                        " begins with _, which is never "
                                        "served"};
  }
  if (const auto found = index_.find(name);
      found != index_.end() && families_[found->second].name != family.name) {
    return Fault{DropReason::kDuplicate,
                 InWords(family.name, name) +
                     ": without quotes it has the name of " +
                     DescribeMetricName(families_[found->second].name) +
                     ", which is already there" + FromWhom(found->second, 0)};
  }
  if (std::string rival = FindRival(family.type, name); !rival.empty()) {
    return Fault{DropReason::kTypeConflict,
                 InWords(family.name, name) + ": " + std::move(rival)};
  }
  return std::nullopt;
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

std::string ScrapeRegistry::FindRival(MetricType type,
                                      const std::string& name) const {
  if (const auto found = index_.find(name); found != index_.end()) {
    const MetricFamily& other = families_[found->second];
    if (other.type == type) {
      return {};
    }
    return "it is a " + std::string(TypeInWords(type)) +
           " here, but already there as a " +
           std::string(TypeInWords(other.type)) + FromWhom(found->second, 0);
  }
  for (const std::string_view suffix : DerivedSuffixes(MetricType::Histogram)) {
    if (!name.ends_with(suffix)) {
      continue;
    }
    const auto base = index_.find(name.substr(0, name.size() - suffix.size()));
    if (base == index_.end()) {
      continue;
    }
    const MetricFamily& other = families_[base->second];
    const auto suffixes = DerivedSuffixes(other.type);
    if (std::ranges::find(suffixes, suffix) != suffixes.end()) {
      return "it is already there as part of the " +
             std::string(TypeName(other.type)) + ' ' +
             DescribeMetricName(other.name) + FromWhom(base->second, 0);
    }
  }
  for (const std::string_view suffix : DerivedSuffixes(type)) {
    const std::string derived = name + std::string(suffix);
    if (const auto found = index_.find(derived); found != index_.end()) {
      return "its " + Printable(derived) +
             " is already there as another metric" + FromWhom(found->second, 0);
    }
  }
  return {};
}

void ScrapeRegistry::MergeFamily(MetricFamily family, std::string name,
                                 Drops& drops) {
  auto [entry, is_new] = index_.try_emplace(std::move(name), families_.size());
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
  if (target.metric.empty()) {  // it was new
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
  has_legal_labels_ = kept > 0 && HasLegalLabelNames(all[kept - 1]);
  // Prefetches several slots at once: see SeriesIndex::Prefetch. (Only for
  // legal names, because other names have another hash.)
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
    drops.Add(reason,
              drops.Has(reason) ? std::string{}
                                : DescribeSeries(target.name, metric.label) +
                                      ": " + std::string(why),
              CountSamples(metric, target.type));
    return false;
  };
  // Nearly always the label names equal those of the accepted sample before.
  const bool names_are_good =
      id.metric > 0 && HaveSameLabelNames(target.metric[id.metric - 1], metric);
  if (const std::string fault = LabelFault(metric, target.type, names_are_good);
      !fault.empty()) {
    return drop(DropReason::kLabel, fault);
  }
  if (!IsConsistent(metric, target.type)) {
    return drop(DropReason::kUnsupported,
                "its buckets or quantiles are not in rising order");
  }
  const bool legal =
      names_are_good ? has_legal_labels_ : HasLegalLabelNames(metric);
  const SeriesId* const present =
      legal ? FindOrInsert(id, hash, metric.label)
            : FindOrInsertUnderscored(id, metric.label);
  if (present != nullptr) {
    return drop(
        DropReason::kDuplicate,
        "the series is already there" + FromWhom(id.family, present->metric));
  }
  has_legal_labels_ = legal;
  return true;
}

const SeriesId* ScrapeRegistry::FindOrInsert(SeriesId id, std::uint64_t hash,
                                             const std::vector<Label>& labels) {
  const std::vector<ClientMetric>& metrics = families_[id.family].metric;
  return series_.FindOrInsert(hash, id, [&](const SeriesId& other) {
    const std::vector<Label>& there = metrics[other.metric].label;
    // The second comparison is for quoted names only; equal hashes are rare.
    return SameLabels(there, labels) ||
           SameLabels(UnderscoredLabels(there), labels);
  });
}

const SeriesId* ScrapeRegistry::FindOrInsertUnderscored(
    SeriesId id, const std::vector<Label>& labels) {
  const std::vector<Label> underscored = UnderscoredLabels(labels);
  return FindOrInsert(id, HashLabels(underscored), underscored);
}

}  // namespace command_exporter
