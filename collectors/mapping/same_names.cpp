#include "collectors/mapping/same_names.hpp"

#include <iterator>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "collectors/mapping/mapping_messages.hpp"
#include "core/metrics/series.hpp"
#include "core/metrics/series_index.hpp"

namespace command_exporter {
namespace {

std::optional<Failure> FindRepeat(const prometheus::MetricFamily& family) {
  SeriesIndex index;
  for (std::size_t i = 0; i < family.metric.size(); ++i) {
    const prometheus::ClientMetric& sample = family.metric[i];
    const SeriesId id{0, static_cast<std::uint32_t>(i)};
    const auto is_same = [&](const SeriesId& other) {
      return SameLabels(family.metric[other.metric].label, sample.label);
    };
    if (index.FindOrInsert(HashLabels(sample.label), id, is_same) != nullptr) {
      const std::string labels = LabelText(sample);
      return Failure{Reason::kDuplicate,
                     "two metrics named \"" + family.name +
                         "\" give the same series " +
                         (labels.empty() ? "without labels" : labels) +
                         "; add labels that tell them apart"};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Failure> JoinSameNames(MetricFamilies& families) {
  std::unordered_map<std::string_view, std::size_t> first;
  std::unordered_set<std::size_t> joined;
  for (std::size_t i = 0; i < families.size(); ++i) {
    const auto [entry, is_new] = first.emplace(families[i].name, i);
    if (!is_new) {
      auto& samples = families[entry->second].metric;
      samples.insert(samples.end(),
                     std::make_move_iterator(families[i].metric.begin()),
                     std::make_move_iterator(families[i].metric.end()));
      families[i].metric.clear();
      joined.insert(entry->second);
    }
  }
  for (const std::size_t i : joined) {
    if (auto failure = FindRepeat(families[i])) {
      return failure;
    }
  }
  std::erase_if(families, [](const prometheus::MetricFamily& family) {
    return family.metric.empty();
  });
  return std::nullopt;
}

}  // namespace command_exporter
