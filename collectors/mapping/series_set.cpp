#include "collectors/mapping/series_set.hpp"

#include <algorithm>
#include <functional>

#include "core/base/huge_pages.hpp"

namespace command_exporter {
namespace {

// An odd number with well mixed bits: 2^64 divided by the golden ratio.
constexpr std::size_t kMix = 0x9E3779B97F4A7C15U;

}  // namespace

void SeriesSet::Reserve(std::size_t count) {
  family_.metric.reserve(count);
  AskForHugePages(family_.metric);
  index_.Reserve(count);
}

bool SeriesSet::Equal(std::size_t index,
                      std::span<const std::string_view> values) const {
  const auto& labels = family_.metric[index].label;
  return std::ranges::all_of(
      varying_, [&](std::size_t i) { return labels[i].value == values[i]; });
}

void SeriesSet::Add(std::span<const std::string_view> values) {
  auto& labels = family_.metric.emplace_back().label;
  labels.reserve(names_.size());
  for (std::size_t i = 0; i < names_.size(); ++i) {
    labels.push_back({std::string(names_[i]), std::string(values[i])});
  }
}

SeriesSet::Found SeriesSet::FindOrAdd(
    std::span<const std::string_view> values) {
  std::size_t hash = 0;
  for (const std::size_t i : varying_) {
    hash = (hash ^ std::hash<std::string_view>{}(values[i])) * kMix;
    hash ^= hash >> 32U;
  }
  const SeriesId next{0, static_cast<std::uint32_t>(size())};
  const SeriesId* const known = index_.FindOrInsert(
      hash, next,
      [&](const SeriesId& other) { return Equal(other.metric, values); });
  if (known != nullptr) {
    return {known->metric, false};
  }
  Add(values);
  return {next.metric, true};
}

}  // namespace command_exporter
