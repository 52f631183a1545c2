#include "core/metrics/reading/distribution.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/number.hpp"
#include "core/base/text.hpp"
#include "core/metrics/name_scheme.hpp"

namespace command_exporter {

namespace {

// Beyond this, a double no longer holds every whole number.
constexpr double kLargestCount = 9007199254740992.0;

bool IsCount(double value) {
  return value >= 0 && value <= kLargestCount && value == std::trunc(value);
}

LineFailure Fault(std::size_t line, std::string what) {
  return {Reason::kParse, line, std::move(what)};
}

}  // namespace

std::optional<LineFailure> Distribution::Add(Part part,
                                             const ExpositionLine& sample,
                                             std::size_t number) {
  const std::string_view own = IsHistogram() ? "le" : "quantile";
  std::optional<std::string_view> position;
  labels_.clear();
  for (const LabelView& label : sample.labels) {
    if (part == Part::kPoint && label.name == own) {
      position = label.value;
    } else {
      labels_.push_back(label);
    }
  }
  Entry& entry = FindEntry(labels_);
  if (entry.samples == 0) {
    entry.first_line = number;
  }
  ++entry.samples;
  entry.has_timestamp = entry.has_timestamp || sample.has_timestamp;
  if (part == Part::kPoint) {
    if (!position) {
      return Fault(number, DescribeMetricName(sample.name) + " of a " +
                               std::string(KindName(kind_)) +
                               " needs the label " + std::string(own));
    }
    return AddPoint(entry, *position, sample.value, number);
  }
  return SetPart(entry, part, sample, number);
}

std::optional<LineFailure> Distribution::SetPart(Entry& entry, Part part,
                                                 const ExpositionLine& sample,
                                                 std::size_t number) const {
  if (part == Part::kCount && !IsCount(sample.value)) {
    return Fault(number,
                 DescribeMetricName(sample.name) + " is not a whole number");
  }
  if (strict_ && part == Part::kSum &&
      (std::isnan(sample.value) ||
       (sample.value < 0 && kind_ != FamilyKind::kGaugeHistogram))) {
    return Fault(number, DescribeMetricName(sample.name) +
                             " is below zero or not a number, which "
                             "OpenMetrics does not allow");
  }
  std::optional<double>& slot = part == Part::kSum ? entry.sum : entry.count;
  if (slot) {
    return LineFailure{
        Reason::kDuplicate, number,
        DescribeSeries(sample.name, labels_) + " stands there twice"};
  }
  slot = sample.value;
  return std::nullopt;
}

Distribution::Entry& Distribution::FindEntry(
    const std::vector<LabelView>& labels) {
  const SeriesId id{0, static_cast<std::uint32_t>(entries_.size())};
  const SeriesId* const present =
      index_.FindOrInsert(HashLabels(labels), id, [&](const SeriesId& other) {
        return SameLabels(entries_[other.metric].metric.label, labels);
      });
  if (present != nullptr) {
    return entries_[present->metric];
  }
  Entry& entry = entries_.emplace_back();
  entry.metric.label.reserve(labels.size());
  for (const LabelView& label : labels) {
    entry.metric.label.push_back(
        {std::string(label.name), std::string(label.value)});
  }
  return entry;
}

std::optional<LineFailure> Distribution::AddPoint(Entry& entry,
                                                  std::string_view position,
                                                  double value,
                                                  std::size_t number) const {
  const auto at = ParseNumber(position);
  const bool fits =
      at && !std::isnan(*at) && (IsHistogram() || (*at >= 0 && *at <= 1));
  if (!fits) {
    return Fault(number, "\"" + Printable(position) + "\" is not " +
                             (IsHistogram() ? "an upper bound (label le)"
                                            : "a quantile from 0 to 1"));
  }
  if (IsHistogram() && !IsCount(value)) {
    return Fault(number, DescribeMetricName(name_ + "_bucket") +
                             " is not a whole number");
  }
  if (strict_ && !IsHistogram() && value < 0) {
    return Fault(number, "the quantile " + std::string(position) + " of " +
                             DescribeMetricName(name_) +
                             " is below zero, which OpenMetrics does not "
                             "allow");
  }
  entry.points.push_back({*at, value, number});
  return std::nullopt;
}

std::optional<LineFailure> Distribution::Finish(
    std::vector<prometheus::ClientMetric>& metrics, Drops& drops) {
  for (Entry& entry : entries_) {
    if (entry.has_timestamp) {
      drops.Add(DropReason::kTimestamp,
                DescribeSeries(name_, entry.metric.label) +
                    ": it has a timestamp; print it without one",
                entry.samples);
      continue;
    }
    if (auto failure = FinishEntry(entry)) {
      return failure;
    }
    if (!entry.sum || !entry.count) {
      drops.Add(DropReason::kUnsupported,
                DescribeSeries(name_, entry.metric.label) + ": it has no " +
                    PartName(entry.sum ? Part::kCount : Part::kSum) +
                    "; print it as well",
                entry.samples);
      continue;
    }
    metrics.push_back(std::move(entry.metric));
  }
  return std::nullopt;
}

std::optional<LineFailure> Distribution::FinishEntry(Entry& entry) const {
  std::ranges::sort(entry.points, {}, &Point::position);
  if (auto failure = CheckPoints(entry)) {
    return failure;
  }
  if (auto failure = CheckSum(entry)) {
    return failure;
  }
  if (IsHistogram()) {
    return FinishBuckets(entry);
  }
  auto& summary = entry.metric.summary;
  summary.sample_sum = entry.sum.value_or(0);
  summary.sample_count = static_cast<std::uint64_t>(entry.count.value_or(0));
  summary.quantile.reserve(entry.points.size());
  for (const Point& point : entry.points) {
    summary.quantile.push_back({point.position, point.value});
  }
  return std::nullopt;
}

std::optional<LineFailure> Distribution::CheckPoints(const Entry& entry) const {
  const auto twice = std::ranges::adjacent_find(
      entry.points,
      [](const Point& a, const Point& b) { return a.position == b.position; });
  if (twice == entry.points.end()) {
    return std::nullopt;
  }
  return LineFailure{Reason::kDuplicate,
                     std::max(twice->line, std::next(twice)->line),
                     DescribeSeries(name_, entry.metric.label) + " has " +
                         (IsHistogram() ? "the bucket " : "the quantile ") +
                         FormatNumber(twice->position) + " twice"};
}

std::optional<LineFailure> Distribution::CheckSum(const Entry& entry) const {
  // OpenMetrics: a summary may lack either, a histogram only both.
  const bool may_lack =
      strict_ &&
      (!IsHistogram() || entry.sum.has_value() == entry.count.has_value());
  if (!may_lack && !entry.sum) {
    return Incomplete(entry, Part::kSum);
  }
  if (!may_lack && !entry.count) {
    return Incomplete(entry, Part::kCount);
  }
  if (!strict_ || !IsHistogram() || entry.points.empty() || !entry.sum) {
    return std::nullopt;
  }
  const bool below_zero = entry.points.front().position < 0;
  if (below_zero && kind_ == FamilyKind::kHistogram) {
    return Fault(entry.first_line,
                 PartName(Part::kSum) +
                     " of a histogram with a bucket below zero is not allowed "
                     "in OpenMetrics");
  }
  if (!below_zero && *entry.sum < 0) {
    return Fault(entry.first_line,
                 PartName(Part::kSum) + " is below zero, but no bucket is");
  }
  return std::nullopt;
}

std::optional<LineFailure> Distribution::FinishBuckets(Entry& entry) const {
  const std::string series = DescribeSeries(name_, entry.metric.label);
  if (entry.points.empty() || entry.points.back().position != HUGE_VAL) {
    return Fault(entry.first_line, "the " + std::string(KindName(kind_)) + ' ' +
                                       series + " has no bucket le=\"+Inf\"");
  }
  auto& histogram = entry.metric.histogram;
  histogram.sample_sum = entry.sum.value_or(0);
  histogram.sample_count = static_cast<std::uint64_t>(entry.count.value_or(0));
  histogram.bucket.reserve(entry.points.size());
  double below = 0;
  for (const Point& point : entry.points) {
    if (point.value < below) {
      return Fault(point.line, "the bucket le=\"" +
                                   FormatNumber(point.position) + "\" of " +
                                   series + " is smaller than the one below");
    }
    below = point.value;
    histogram.bucket.push_back(
        {static_cast<std::uint64_t>(point.value), point.position});
  }
  if (entry.count && below != *entry.count) {
    return Fault(entry.points.back().line,
                 "the bucket le=\"+Inf\" of " + series + " is " +
                     FormatNumber(below) + ", but " + PartName(Part::kCount) +
                     " is " + FormatNumber(*entry.count));
  }
  return std::nullopt;
}

LineFailure Distribution::Incomplete(const Entry& entry, Part part) const {
  return Fault(entry.first_line, "the " + std::string(KindName(kind_)) + ' ' +
                                     DescribeSeries(name_, entry.metric.label) +
                                     " has no " + PartName(part));
}

std::string Distribution::PartName(Part part) const {
  const std::string prefix = kind_ == FamilyKind::kGaugeHistogram ? "_g" : "_";
  return DescribeMetricName(name_ + prefix +
                            (part == Part::kSum ? "sum" : "count"));
}

}  // namespace command_exporter
