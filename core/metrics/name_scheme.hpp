// NameScheme: how names go to a client.
//
// Since version 3 Prometheus takes names of any UTF-8, in quotes, and says so
// by `escaping=allow-utf-8`; everybody else gets an underscore for each
// character that a name may not have without quotes. The other schemes that a
// client may ask for (dots, values) change legal names as well, and with them
// the suffixes that OpenMetrics is made of; underscores may always be answered.
// https://prometheus.io/docs/instrumenting/escaping_schemes/
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_METRICS_NAME_SCHEME_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_NAME_SCHEME_HPP_

#include <cstdint>
#include <string>
#include <string_view>

namespace command_exporter {

enum class NameScheme : std::uint8_t {
  kUnderscores,  // disk.free is disk_free
  kAllowUtf8,    // disk.free is "disk.free"
};

// A metric's name as it stands in HELP and TYPE; of a sample, a name in quotes
// stands within the braces.
std::string WrittenMetricName(std::string_view name, NameScheme scheme);
std::string WrittenLabelName(std::string_view name, NameScheme scheme);

// The same for a message, where nothing may break a line or a terminal: in
// quotes unless it is legal.
std::string DescribeMetricName(std::string_view name);
std::string DescribeLabelName(std::string_view name);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_NAME_SCHEME_HPP_
