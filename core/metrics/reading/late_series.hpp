// LateSeries: finds duplicate series in an output, some lines late.
//
// The table of a large output's series does not fit into a processor's cache,
// and waiting for its memory costs more than all other work for a sample. Each
// sample's slot in the table is therefore prefetched when the sample arrives,
// and compared some samples later.
//
// Thread safety: none.
#ifndef COMMAND_EXPORTER_CORE_METRICS_READING_LATE_SERIES_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_READING_LATE_SERIES_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "core/metrics/series_index.hpp"

namespace command_exporter {

class LateSeries {
 public:
  struct Sample {
    std::uint64_t hash{};  // of its labels
    SeriesId id{};
    std::size_t line{};
  };

  // Whether two samples of a family have the same labels.
  using Same = std::function<bool(SeriesId, SeriesId)>;

  explicit LateSeries(Same same) : same_(std::move(same)) {}

  // Returns an earlier sample if its series is a duplicate. After that, no
  // samples are pending.
  std::optional<Sample> Add(const Sample& sample);
  // The first such sample among the pending samples.
  std::optional<Sample> Finish();

  // Reserves room for `more` series.
  void Reserve(std::size_t more) { index_.Reserve(more); }

 private:
  std::optional<Sample> Look(const Sample& sample);

  Same same_;
  SeriesIndex index_;
  std::array<Sample, 16> waiting_{};
  std::size_t added_ = 0;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_READING_LATE_SERIES_HPP_
