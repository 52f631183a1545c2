// Series: when two samples of one name are the same series.
//
// Labels are compared as sets, and an empty value is an absent label, as
// Prometheus sees them. The hash does not depend on their order, so that
// nothing has to be sorted; equal hashes are compared in full. With 100,000
// samples a scrape, this is one table and no string per sample.
// https://prometheus.io/docs/concepts/data_model/
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_METRICS_SERIES_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_SERIES_HPP_

#include <prometheus/client_metric.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace command_exporter {

using Label = prometheus::ClientMetric::Label;

struct LabelView {
  std::string_view name{};
  std::string_view value{};
};

std::uint64_t HashLabels(std::span<const Label> labels);
std::uint64_t HashLabels(std::span<const LabelView> labels);

// That of a series with labels of `hash`, among those of several families.
std::uint64_t HashInFamily(std::uint64_t hash, std::uint32_t family);

// Requires: no name stands twice on either side.
bool SameLabels(std::span<const Label> left, std::span<const Label> right);
bool SameLabels(std::span<const Label> left, std::span<const LabelView> right);

// The labels as clients get them that take no names in quotes.
std::vector<Label> UnderscoredLabels(std::span<const Label> labels);

// The first name that stands there twice; empty if none.
std::string_view RepeatedLabel(std::span<const Label> labels);
std::string_view RepeatedLabel(std::span<const LabelView> labels);

// `foo{a="b"}` or `{"foo.bar",a="b"}` for a message: printable and cut where it
// is long.
std::string DescribeSeries(std::string_view name,
                           std::span<const Label> labels);
std::string DescribeSeries(std::string_view name,
                           std::span<const LabelView> labels);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_SERIES_HPP_
