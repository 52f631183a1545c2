#include "collectors/mapping/series_set.hpp"

#include <algorithm>
#include <bit>
#include <functional>

#include "core/base/huge_pages.hpp"

namespace command_exporter {
namespace {

constexpr std::size_t kLeastSlots = 16;
// An odd number with well mixed bits: 2^64 divided by the golden ratio.
constexpr std::size_t kMix = 0x9E3779B97F4A7C15U;

}  // namespace

void SeriesSet::Reserve(std::size_t count) {
  family_.metric.reserve(count);
  AskForHugePages(family_.metric);
  hashes_.reserve(count);
  Rehash(std::bit_ceil(std::max(kLeastSlots, 2 * count)));
}

void SeriesSet::Rehash(std::size_t slots) {
  slots_.assign(slots, 0);
  for (std::size_t i = 0; i < hashes_.size(); ++i) {
    std::size_t slot = hashes_[i] & (slots - 1);
    while (slots_[slot] != 0) {
      slot = (slot + 1) & (slots - 1);
    }
    slots_[slot] = static_cast<std::uint32_t>(i + 1);
  }
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
  if (slots_.size() < 2 * (size() + 1)) {
    Rehash(std::max(kLeastSlots, 2 * slots_.size()));
  }
  std::size_t slot = hash & (slots_.size() - 1);
  for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
    const std::size_t index = slots_[slot] - 1;
    if (hashes_[index] == hash && Equal(index, values)) {
      return {index, false};
    }
  }
  Add(values);
  hashes_.push_back(hash);
  slots_[slot] = static_cast<std::uint32_t>(size());
  return {size() - 1, true};
}

}  // namespace command_exporter
