// Series: decides whether two samples of one name are the same series.
//
// As in Prometheus, labels are compared as sets, and an empty value is an
// absent label. The hash does not depend on the order of labels, so that
// nothing must be sorted; equal hashes are compared in full. With 100,000
// samples a scrape, this needs one table and no string per sample.
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

// The labels in the form for clients that do not accept quoted names.
std::vector<Label> UnderscoredLabels(std::span<const Label> labels);

// The first name that occurs twice; empty if none.
std::string_view RepeatedLabel(std::span<const Label> labels);
std::string_view RepeatedLabel(std::span<const LabelView> labels);

// `foo{a="b"}` or `{"foo.bar",a="b"}` for a message: printable, and cut if
// long.
std::string DescribeSeries(std::string_view name,
                           std::span<const Label> labels);
std::string DescribeSeries(std::string_view name,
                           std::span<const LabelView> labels);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_SERIES_HPP_
