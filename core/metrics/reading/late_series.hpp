// LateSeries: whether a series stands in an output twice, said some lines
// later.
//
// The table of a large output's series does not fit into a processor's cache,
// and to wait for its memory costs more than all else that is done for a
// sample. So each sample's place in the table is asked for when the sample
// comes, and looked at when it is there: some samples later.
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

  // A sample whose series stands there before it: an earlier one than this.
  // Then nothing is left to be looked at.
  std::optional<Sample> Add(const Sample& sample);
  // The first such sample of those that have not been looked at yet.
  std::optional<Sample> Finish();

  // Room for so many more.
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
