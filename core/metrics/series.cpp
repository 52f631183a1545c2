#include "core/metrics/series.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "core/base/names.hpp"
#include "core/base/text.hpp"
#include "core/metrics/name_scheme.hpp"

namespace command_exporter {

namespace {

// Up to this many labels, comparing each with each is the fastest.
constexpr std::size_t kFewLabels = 16;
// Multipliers and shift of splitmix64's finaliser, which spreads every bit of
// a sum over all bits. https://prng.di.unimi.it/splitmix64.c
constexpr std::uint64_t kSpread1 = 0xBF58476D1CE4E5B9U;
constexpr std::uint64_t kSpread2 = 0x94D049BB133111EBU;

std::uint64_t Spread(std::uint64_t value) {
  value = (value ^ (value >> 30U)) * kSpread1;
  value = (value ^ (value >> 27U)) * kSpread2;
  return value ^ (value >> 31U);
}

template <typename Word>
std::uint64_t ReadWord(const char* at) {
  Word word = 0;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

// Packs up to eight bytes into one word; different texts of one length give
// different words. The two halves overlap for shorter texts.
std::uint64_t ReadShort(std::string_view text) {
  const std::size_t size = text.size();
  if (size >= sizeof(std::uint32_t)) {
    const char* const last = text.data() + size - sizeof(std::uint32_t);
    return ReadWord<std::uint32_t>(text.data()) | ReadWord<std::uint32_t>(last)
                                                      << 32U;
  }
  if (size >= sizeof(std::uint16_t)) {
    const char* const last = text.data() + size - sizeof(std::uint16_t);
    return ReadWord<std::uint16_t>(text.data()) | ReadWord<std::uint16_t>(last)
                                                      << 16U;
  }
  return size == 0 ? 0 : static_cast<unsigned char>(text.front());
}

// Reads eight bytes at a time: names and values are short, and std::hash is a
// call with a set-up of its own for each. A command with colliding labels slows
// down only its own scrapes.
std::uint64_t HashText(std::uint64_t seed, std::string_view text) {
  std::uint64_t hash = seed ^ (text.size() * kSpread2);
  while (text.size() > sizeof(std::uint64_t)) {
    hash = Spread(hash ^ ReadWord<std::uint64_t>(text.data()));
    text.remove_prefix(sizeof(std::uint64_t));
  }
  return Spread(hash ^ ReadShort(text));
}

template <typename AnyLabel>
std::uint64_t Hash(std::span<const AnyLabel> labels) {
  std::uint64_t sum = 0;
  for (const auto& label : labels) {
    if (!label.value.empty()) {
      sum += HashText(HashText(kSpread1, label.name), label.value);
    }
  }
  return sum;
}

template <typename AnyLabel>
std::vector<LabelView> Sorted(std::span<const AnyLabel> labels) {
  std::vector<LabelView> sorted;
  sorted.reserve(labels.size());
  for (const auto& label : labels) {
    if (!label.value.empty()) {
      sorted.push_back({label.name, label.value});
    }
  }
  std::ranges::sort(sorted, {}, &LabelView::name);
  return sorted;
}

template <typename Left, typename Right>
bool EqualInOrder(const Left& left, const Right& right) {
  return std::ranges::equal(left, right, [](const auto& a, const auto& b) {
    return a.name == b.name && a.value == b.value;
  });
}

template <typename Left, typename Right>
bool SameElements(std::span<const Left> left, std::span<const Right> right) {
  return EqualInOrder(left, right) || EqualInOrder(Sorted(left), Sorted(right));
}

template <typename AnyLabel>
std::string_view Repeated(std::span<const AnyLabel> labels) {
  if (labels.size() <= kFewLabels) {
    for (std::size_t i = 1; i < labels.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (labels[i].name == labels[j].name) {
          return labels[i].name;
        }
      }
    }
    return {};
  }
  auto names = Views(labels, &AnyLabel::name);
  std::ranges::sort(names);
  const auto found = std::ranges::adjacent_find(names);
  return found == names.end() ? std::string_view{} : *found;
}

template <typename AnyLabel>
std::string Describe(std::string_view name, std::span<const AnyLabel> labels) {
  constexpr std::size_t kEnough = 300;
  // As in the exposition, a quoted name stands within the braces.
  const bool quoted = !name.empty() && !IsMetricName(name);
  std::string text =
      quoted ? '{' + DescribeMetricName(name) : Printable(name, kEnough);
  char before = quoted ? ',' : '{';
  for (const auto& label : labels) {
    if (text.size() > kEnough) {
      break;
    }
    text += before;
    text += DescribeLabelName(label.name);
    text += "=\"";
    text += std::string_view(label.value).substr(0, kEnough);
    text += '"';
    before = ',';
  }
  if (before == ',') {
    text += '}';
  }
  return Printable(text, kEnough);
}

}  // namespace

std::uint64_t HashLabels(std::span<const Label> labels) {
  return Hash(labels);
}

std::uint64_t HashLabels(std::span<const LabelView> labels) {
  return Hash(labels);
}

std::uint64_t HashInFamily(std::uint64_t hash, std::uint32_t family) {
  return Spread(hash + family * kSpread1);
}

bool SameLabels(std::span<const Label> left, std::span<const Label> right) {
  return SameElements(left, right);
}

bool SameLabels(std::span<const Label> left, std::span<const LabelView> right) {
  return SameElements(left, right);
}

std::vector<Label> UnderscoredLabels(std::span<const Label> labels) {
  std::vector<Label> underscored;
  underscored.reserve(labels.size());
  for (const Label& label : labels) {
    underscored.push_back({UnderscoredLabelName(label.name), label.value});
  }
  return underscored;
}

std::string_view RepeatedLabel(std::span<const Label> labels) {
  return Repeated(labels);
}

std::string_view RepeatedLabel(std::span<const LabelView> labels) {
  return Repeated(labels);
}

std::string DescribeSeries(std::string_view name,
                           std::span<const Label> labels) {
  return Describe(name, labels);
}

std::string DescribeSeries(std::string_view name,
                           std::span<const LabelView> labels) {
  return Describe(name, labels);
}

}  // namespace command_exporter
