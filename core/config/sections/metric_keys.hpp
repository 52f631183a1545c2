// The keys of one metric, each by itself; how they fit together is
// metric_checks.hpp.
//
// Thread safety: pure but for Problems.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_METRIC_KEYS_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_METRIC_KEYS_HPP_

#include <array>
#include <string_view>

#include "core/config/config.hpp"
#include "core/config/toml/table_reader.hpp"

namespace command_exporter {

// The keys that a collector may set as the default of its metrics.
inline constexpr std::array<std::string_view, 5> kSharedMetricKeys = {
    "unit", "labels", "where", "type", "on_missing"};

// Those keys; `level` is kCollector or kMetric. What is set is replaced whole.
void ReadSharedMetricKeys(const TableReader& reader, KeyLevel level,
                          MetricConfig& metric);

// All the others but `name` and `pattern`.
void ReadOwnMetricKeys(const TableReader& reader, MetricConfig& metric);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_METRIC_KEYS_HPP_
