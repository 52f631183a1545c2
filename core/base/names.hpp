// The grammar of metric and label names, and which of them are taken.
//
// One copy, because the configuration refuses at load what the registry of a
// scrape would drop later. Prometheus 3 allows names of any UTF-8, in quotes;
// "legal" here is what needs none, which is all that older clients know.
// https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels
// https://prometheus.io/docs/instrumenting/escaping_schemes/
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_BASE_NAMES_HPP_
#define COMMAND_EXPORTER_CORE_BASE_NAMES_HPP_

#include <cstddef>
#include <string>
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
// What may be a name in quotes: UTF-8, not empty, no NUL.
bool IsQuotableName(std::string_view name);

// `name` with a `_` for each character that is not legal where it stands: what
// clients get that take no names in quotes. A legal name stays as it is.
std::string UnderscoredMetricName(std::string_view name);
std::string UnderscoredLabelName(std::string_view name);

// The part that makes a metric name reserved: "up", or the prefix "scrape_",
// "process_", "command_exporter_" or "__"; empty when the name is free.
std::string_view ReservedPart(std::string_view name);

// A name for what a command prints: legal, not too long, and without a leading
// `_`, which marks the fields that are never exported.
bool IsCollectedMetricName(std::string_view name);
bool IsCollectedLabelName(std::string_view name);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_NAMES_HPP_
