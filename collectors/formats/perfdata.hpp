// Performance data of monitoring plugins: parses one datum.
// https://nagios-plugins.org/doc/guidelines.html#AEN200
//
//   'label'=value[UOM];[warn];[crit];[min];[max]
//
// The numbers returned are decimal text in base units: seconds, bytes, ratios.
// Plugins count KB, MB, GB, TB and PB in steps of 1024 (check_disk, check_swap
// divide by 1024 before they print them), so this parser does the same.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_PERFDATA_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_PERFDATA_HPP_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"

namespace command_exporter {

struct Perfdata {
  std::string label{};
  bool is_known{};          // false: the value is `U`, unknown to the plugin
  std::string_view unit{};  // as printed
  // "seconds", "bytes", "ratio", "total" for the counter `c`, else empty.
  std::string_view base{};
  // Field names with their texts: value, warn, crit (both as printed), the ends
  // of their ranges (warn_low, warn_high or warn_inside_low, ...), min, max. An
  // absent or infinite end has no field.
  std::vector<std::pair<std::string_view, std::string>> fields{};
};

// Removes the datum at the start of `rest`, which must not begin with a blank.
// The error says what is wrong with the datum.
Result<Perfdata> TakePerfdata(std::string_view& rest);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_PERFDATA_HPP_
