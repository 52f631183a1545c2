// A header's list with q-values, as in Accept and Accept-Encoding.
//
// `text/plain;version=0.0.4;q=0.5, */*;q=0.1` is a list of values, each with
// parameters; q is the weight from 0 to 1 and not a parameter. Names and values
// are returned in lower case, quoted strings without their quotes.
// https://www.rfc-editor.org/rfc/rfc9110#section-12.4.2
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_WEB_QUALITY_LIST_HPP_
#define COMMAND_EXPORTER_CORE_WEB_QUALITY_LIST_HPP_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace command_exporter {

struct QualityEntry {
  std::string value{};  // "text/plain", "gzip", "*/*"
  std::vector<std::pair<std::string, std::string>> parameters{};
  int quality{1000};  // q in thousandths

  // Empty if there is no such parameter.
  std::string_view Parameter(std::string_view name) const;
};

// The entries in their order; unreadable ones are omitted.
std::vector<QualityEntry> ParseQualityList(std::string_view header);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_QUALITY_LIST_HPP_
