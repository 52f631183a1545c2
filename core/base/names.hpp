// The grammar of metric and label names, and which of them are taken.
//
// One copy, because the configuration refuses at load what the registry of a
// scrape would drop later.
// https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_BASE_NAMES_HPP_
#define COMMAND_EXPORTER_CORE_BASE_NAMES_HPP_

#include <cstddef>
#include <string_view>

namespace command_exporter {

// What Prometheus and those who store for it can bear; beyond it is a mistake
// of a command, such as a whole log in a label. Bytes.
inline constexpr std::size_t kLongestName = 1024;
inline constexpr std::size_t kLongestLabelValue = 4096;
inline constexpr std::size_t kMostLabels = 64;

// [a-zA-Z_:][a-zA-Z0-9_:]*
bool IsMetricName(std::string_view name);
// [a-zA-Z_][a-zA-Z0-9_]*
bool IsLabelName(std::string_view name);

// The part that makes a metric name reserved: "up", or the prefix "scrape_",
// "process_", "command_exporter_" or "__"; empty when the name is free.
std::string_view ReservedPart(std::string_view name);

// A name for what a command prints: legal, not too long, and without a leading
// `_`, which marks the fields that are never exported.
bool IsCollectedMetricName(std::string_view name);
bool IsCollectedLabelName(std::string_view name);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_NAMES_HPP_
