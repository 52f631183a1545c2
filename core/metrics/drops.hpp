// Drops: the samples that were dropped from a successful run, by reason.
//
// No drop is silent: the count becomes
// command_exporter_collector_dropped_samples{reason}, and the first dropped
// sample of each reason is logged.
//
// Thread safety: plain values.
#ifndef COMMAND_EXPORTER_CORE_METRICS_DROPS_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_DROPS_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>

#include "core/base/reason.hpp"

namespace command_exporter {

struct Drops {
  std::array<std::uint64_t, kDropReasonNames.size()> counts{};
  // The first dropped sample of each reason, for a person: `foo{a="b"}: ...`.
  std::array<std::string, kDropReasonNames.size()> first{};

  void Add(DropReason reason, std::string offender, std::uint64_t count = 1) {
    const auto index = static_cast<std::size_t>(reason);
    if (counts[index] == 0) {
      first[index] = std::move(offender);
    }
    counts[index] += count;
  }

  void Add(const Drops& other) {
    for (std::size_t i = 0; i < counts.size(); ++i) {
      Add(static_cast<DropReason>(i), other.first[i], other.counts[i]);
    }
  }

  // If true, the text of another dropped sample would not be kept.
  bool Has(DropReason reason) const {
    return counts[static_cast<std::size_t>(reason)] > 0;
  }

  std::uint64_t total() const {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  }
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_DROPS_HPP_
