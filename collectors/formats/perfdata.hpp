// Performance data of monitoring plugins: reads one datum that
// perfdata_line.hpp has split off.
// https://nagios-plugins.org/doc/guidelines.html#AEN200
//
//   'label'=value[UOM];[warn];[crit];[min];[max]
//
// A value that is no number gives no datum. A limit that is no number is left
// out, and the rest of the datum stays. `fault` says so in both cases.
//
// The numbers returned are decimal text in base units: seconds, bytes, ratios.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_PERFDATA_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_PERFDATA_HPP_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collectors/formats/perfdata_line.hpp"

namespace command_exporter {

struct Perfdata {
  std::string label{};
  bool has_value{};         // false: `U`, unknown to the plugin, or a fault
  std::string_view unit{};  // as printed
  // "seconds", "bytes", "ratio", "total" for the counter `c`, else empty.
  std::string_view base{};
  // Field names with their texts: value, warn, crit (both as printed), the ends
  // of their ranges (warn_low, warn_high or warn_inside_low, ...), min, max. An
  // absent or infinite end has no field.
  std::vector<std::pair<std::string_view, std::string>> fields{};
  // What of it is left out, and why; empty: nothing.
  std::string fault{};
};

Perfdata ReadPerfdata(PerfdataText text);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_PERFDATA_HPP_
