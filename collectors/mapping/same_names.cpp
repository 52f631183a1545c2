#include "collectors/mapping/same_names.hpp"

#include <iterator>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "collectors/mapping/mapping_messages.hpp"

namespace command_exporter {
namespace {

// One text for each series; an empty label equals an absent one.
std::string KeyOf(const prometheus::ClientMetric& sample) {
  std::string key;
  for (const auto& label : sample.label) {
    if (!label.value.empty()) {
      key += label.name;
      key += '\0';
      key += label.value;
      key += '\0';
    }
  }
  return key;
}

std::optional<Failure> FindRepeat(const prometheus::MetricFamily& family) {
  std::unordered_set<std::string> keys;
  for (const prometheus::ClientMetric& sample : family.metric) {
    if (!keys.insert(KeyOf(sample)).second) {
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
