#include "core/metrics/reading/late_series.hpp"

namespace command_exporter {

std::optional<LateSeries::Sample> LateSeries::Add(const Sample& sample) {
  index_.Prefetch(sample.hash, sample.id.family);
  const Sample oldest =
      std::exchange(waiting_[added_ % waiting_.size()], sample);
  ++added_;
  const auto found = added_ > waiting_.size() ? Look(oldest) : std::nullopt;
  if (found) {
    added_ = 0;  // pending samples are of later lines
  }
  return found;
}

std::optional<LateSeries::Sample> LateSeries::Finish() {
  std::size_t next = added_ < waiting_.size() ? 0 : added_ - waiting_.size();
  std::optional<Sample> found;
  for (; !found && next < added_; ++next) {
    found = Look(waiting_[next % waiting_.size()]);
  }
  added_ = 0;
  return found;
}

std::optional<LateSeries::Sample> LateSeries::Look(const Sample& sample) {
  const SeriesId* const present = index_.FindOrInsert(
      sample.hash, sample.id,
      [&](const SeriesId& other) { return same_(other, sample.id); });
  return present == nullptr ? std::nullopt : std::optional(sample);
}

}  // namespace command_exporter
