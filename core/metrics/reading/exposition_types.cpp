#include "core/metrics/reading/exposition_types.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "core/base/text.hpp"

namespace command_exporter {

namespace {

using prometheus::MetricType;

struct KindEntry {
  std::string_view word{};
  FamilyKind kind{};
  bool in_text{};
};

// The first entry of a kind has its name.
constexpr std::array<KindEntry, 9> kKinds = {{
    {"counter", FamilyKind::kCounter, true},
    {"gauge", FamilyKind::kGauge, true},
    {"histogram", FamilyKind::kHistogram, true},
    {"summary", FamilyKind::kSummary, true},
    {"gaugehistogram", FamilyKind::kGaugeHistogram, false},
    {"info", FamilyKind::kInfo, false},
    {"stateset", FamilyKind::kStateSet, false},
    {"untyped", FamilyKind::kUntyped, true},
    {"unknown", FamilyKind::kUntyped, true},
}};

// The text format uses the entries before _created; OpenMetrics uses all.
constexpr std::array<PartSuffix, 4> kHistogram = {
    {{"_bucket", Part::kPoint},
     {"_sum", Part::kSum},
     {"_count", Part::kCount},
     {"_created", Part::kCreated}}};
constexpr std::array<PartSuffix, 3> kSummary = {{{"_sum", Part::kSum},
                                                 {"_count", Part::kCount},
                                                 {"_created", Part::kCreated}}};
constexpr std::array<PartSuffix, 3> kGaugeHistogram = {
    {{"_bucket", Part::kPoint},
     {"_gsum", Part::kSum},
     {"_gcount", Part::kCount}}};
constexpr std::array<PartSuffix, 2> kCounter = {
    {{"_total", Part::kPoint}, {"_created", Part::kCreated}}};
constexpr std::array<PartSuffix, 1> kInfo = {{{"_info", Part::kPoint}}};

}  // namespace

std::optional<FamilyKind> FindKind(std::string_view word,
                                   ExpositionFormat format) {
  const std::string lower = Lower(word);
  for (const KindEntry& entry : kKinds) {
    if (lower == entry.word &&
        (entry.in_text || format == ExpositionFormat::kOpenMetrics)) {
      return entry.kind;
    }
  }
  return std::nullopt;
}

std::string_view KindName(FamilyKind kind) {
  const auto* const found = std::find_if(
      kKinds.begin(), kKinds.end(),
      [kind](const KindEntry& entry) { return entry.kind == kind; });
  return found->word;
}

std::string KindWords(ExpositionFormat format) {
  std::vector<std::string_view> words;
  for (const KindEntry& entry : kKinds) {
    if (entry.word == KindName(entry.kind) &&
        (entry.in_text || format == ExpositionFormat::kOpenMetrics)) {
      words.push_back(entry.word);
    }
  }
  return JoinWords(words);
}

MetricType ModelType(FamilyKind kind) {
  switch (kind) {
    case FamilyKind::kCounter:
      return MetricType::Counter;
    case FamilyKind::kHistogram:
      return MetricType::Histogram;
    case FamilyKind::kSummary:
      return MetricType::Summary;
    case FamilyKind::kUntyped:
      return MetricType::Untyped;
    default:
      return MetricType::Gauge;
  }
}

bool IsDistribution(FamilyKind kind) {
  return kind == FamilyKind::kHistogram || kind == FamilyKind::kSummary ||
         kind == FamilyKind::kGaugeHistogram;
}

std::span<const PartSuffix> SuffixesOf(FamilyKind kind,
                                       ExpositionFormat format) {
  const bool text = format == ExpositionFormat::kText;
  const auto without_created = [text](std::span<const PartSuffix> all) {
    return text ? all.first(all.size() - 1) : all;
  };
  switch (kind) {
    case FamilyKind::kHistogram:
      return without_created(kHistogram);
    case FamilyKind::kSummary:
      return without_created(kSummary);
    case FamilyKind::kGaugeHistogram:
      return kGaugeHistogram;
    case FamilyKind::kCounter:
      return text ? std::span<const PartSuffix>{} : kCounter;
    case FamilyKind::kInfo:
      return kInfo;
    default:
      return {};
  }
}

std::span<const std::string_view> AllSuffixes() {
  static constexpr std::array<std::string_view, 8> kAll = {
      "_sum",  "_count",  "_bucket", "_total",
      "_info", "_gcount", "_gsum",   "_created"};
  return kAll;
}

}  // namespace command_exporter
