// NameScheme: how a client receives names.
//
// Since version 3 Prometheus accepts any UTF-8 name in quotes, and announces it
// with `escaping=allow-utf-8`. Other clients get an underscore for each
// character that is illegal without quotes. The other schemes that a client may
// request (dots, values) also change legal names, and with them the suffixes
// that OpenMetrics relies on; the specification allows underscores as the
// answer to every request.
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

// A metric's name in HELP and TYPE. In a sample, a quoted name stands within
// the braces.
std::string WrittenMetricName(std::string_view name, NameScheme scheme);
std::string WrittenLabelName(std::string_view name, NameScheme scheme);

// The same for a message, in which no name may break a line or control a
// terminal: in quotes unless it is legal.
std::string DescribeMetricName(std::string_view name);
std::string DescribeLabelName(std::string_view name);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_NAME_SCHEME_HPP_
