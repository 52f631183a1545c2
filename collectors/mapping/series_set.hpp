// SeriesSet: the samples of one metric, indexed by their label values.
//
// All samples of a metric have the same label names, so a series is known by
// the values alone, and only by those that can differ. They are compared where
// they stand, in the family itself; a new series costs its labels and one slot
// of a SeriesIndex, an old one costs nothing.
//
// Thread safety: one thread.
#ifndef COMMAND_EXPORTER_COLLECTORS_MAPPING_SERIES_SET_HPP_
#define COMMAND_EXPORTER_COLLECTORS_MAPPING_SERIES_SET_HPP_

#include <prometheus/metric_family.h>

#include <cstddef>
#include <span>
#include <string_view>

#include "core/metrics/series.hpp"
#include "core/metrics/series_index.hpp"

namespace command_exporter {

class SeriesSet {
 public:
  // `names`: all label names, in their order. `varying`: the labels that can
  // differ between two samples. Both must outlive the set.
  SeriesSet(prometheus::MetricFamily& family,
            std::span<const std::string_view> names,
            std::span<const std::size_t> varying)
      : family_(family),
        names_(names),
        varying_(varying) {}

  // Reserves room for `count` series, so that no sample moves.
  void Reserve(std::size_t count);

  struct Found {
    std::size_t index{};  // in the family
    bool is_new{};
  };

  // `values` of all labels, in the order of `names`.
  Found FindOrAdd(std::span<const std::string_view> values);

  std::size_t size() const { return family_.metric.size(); }

 private:
  bool Equal(std::size_t index, std::span<const std::string_view> values) const;
  void Add(std::span<const std::string_view> values);

  prometheus::MetricFamily& family_;
  std::span<const std::string_view> names_;
  std::span<const std::size_t> varying_;
  SeriesIndex index_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_MAPPING_SERIES_SET_HPP_
