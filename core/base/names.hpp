// The grammar of metric and label names, and the list of reserved ones.
//
// There is one copy, because the configuration rejects at load the same names
// that the registry of a scrape drops later. Prometheus 3 allows any UTF-8 name
// in quotes. "Legal" here means a name that needs no quotes, because older
// clients accept only those.
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

// The limits, in bytes, of Prometheus and of the storage systems behind it. A
// longer name or value is a mistake of a command, such as a whole log in a
// label.
inline constexpr std::size_t kLongestName = 1024;
inline constexpr std::size_t kLongestLabelValue = 4096;
inline constexpr std::size_t kMostLabels = 64;

// [a-zA-Z_:][a-zA-Z0-9_:]*
bool IsMetricName(std::string_view name);
// [a-zA-Z_][a-zA-Z0-9_]*
bool IsLabelName(std::string_view name);
// Whether the name may stand in quotes: UTF-8, not empty, no NUL.
bool IsQuotableName(std::string_view name);

// `name` with a `_` for each character that is illegal at its position. Clients
// that do not accept quoted names get this form. A legal name is unchanged.
std::string UnderscoredMetricName(std::string_view name);
std::string UnderscoredLabelName(std::string_view name);

// The part that makes a metric name reserved: "up", or the prefix "scrape_",
// "process_", "command_exporter_" or "__"; empty when the name is not reserved.
std::string_view ReservedPart(std::string_view name);

// Whether a command's output may use the name: legal, not too long, and without
// a leading `_`, which marks fields that are never exported.
bool IsCollectedMetricName(std::string_view name);
bool IsCollectedLabelName(std::string_view name);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_NAMES_HPP_
