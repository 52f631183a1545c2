// How the keys of one metric fit together, its collector and its format.
//
// A key that could have no effect is an error, not a decoration; a name that
// Prometheus would accept but people would stumble over is a warning.
//
// Thread safety: pure but for Problems.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_METRIC_CHECKS_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_METRIC_CHECKS_HPP_

#include <string_view>
#include <vector>

#include "core/config/config.hpp"
#include "core/config/toml/table_reader.hpp"

namespace command_exporter {

// counter for *_total, else gauge, unless the metric says it.
MetricType EffectiveType(const MetricConfig& metric);
std::string_view NameOf(MetricType type);

// Requires: all keys of `metric` are read.
void CheckMetric(const TableReader& reader, const CollectorConfig& collector,
                 const MetricConfig& metric);

// `value`, labels and `where` may only name fields that the format gives.
void CheckFields(const TableReader& reader, const CollectorConfig& collector,
                 const MetricConfig& metric);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_METRIC_CHECKS_HPP_
