// The metrics of a collector with format "nagios" that names none.
//
// Their names do not depend on the plugin, so that one rule or dashboard serves
// all checks: the label `check` is the collector's name. A datum is in the
// metric of its base unit, since a metric has one unit.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_NAGIOS_METRICS_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_NAGIOS_METRICS_HPP_

#include <string_view>
#include <vector>

#include "core/config/config.hpp"

namespace command_exporter {

std::vector<MetricConfig> NagiosMetrics(const CollectorConfig& collector);

// Whether some of these metrics have the label.
bool IsNagiosLabel(std::string_view name);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_NAGIOS_METRICS_HPP_
