// The grammar of names: collectors, metrics, labels, environment variables.
//
// The configuration is stricter about names than Prometheus: no leading `_`,
// because `_word` is a field that may never become a label, and no name that
// belongs to Prometheus or to the exporter itself.
// https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_NAME_FAULTS_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_NAME_FAULTS_HPP_

#include <string>
#include <string_view>

namespace command_exporter {

// [a-z][a-z0-9_]*
bool IsCollectorName(std::string_view name);

// Each returns what is wrong with a name and how to fix it; empty: nothing.
std::string MetricNameFault(std::string_view name);
// What is wrong with the beginning of metric names; empty: nothing.
std::string PrefixFault(std::string_view prefix);
std::string LabelNameFault(std::string_view name);
std::string EnvironmentNameFault(std::string_view name);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_NAME_FAULTS_HPP_
