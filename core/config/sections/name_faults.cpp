#include "core/config/sections/name_faults.hpp"

#include <algorithm>

#include "core/base/names.hpp"
#include "core/base/text.hpp"

namespace command_exporter {

namespace {

bool IsLower(char c) {
  return c >= 'a' && c <= 'z';
}

std::string TooLong(std::string_view name) {
  return Quote(name) + " has " + std::to_string(name.size()) +
         " bytes; a name may have " + std::to_string(kLongestName);
}

}  // namespace

bool IsCollectorName(std::string_view name) {
  return !name.empty() && IsLower(name.front()) &&
         std::ranges::all_of(
             name, [](char c) { return IsLower(c) || IsDigit(c) || c == '_'; });
}

std::string MetricNameFault(std::string_view name) {
  const std::string_view reserved = ReservedPart(name);
  if (reserved == "up") {
    return "\"up\" is made by Prometheus itself; take another name";
  }
  if (!reserved.empty()) {
    return Quote(name) + " begins with " + Quote(reserved) +
           ", which is reserved; take another name";
  }
  if (name.size() > kLongestName) {
    return TooLong(name);
  }
  return IsCollectedMetricName(name)
             ? std::string{}
             : Quote(name) +
                   " is no metric name: use letters, digits and _, a letter "
                   "first, such as \"disk_used_bytes\"";
}

std::string PrefixFault(std::string_view prefix) {
  const std::string_view reserved = ReservedPart(prefix);
  if (!reserved.empty() && reserved != "up") {
    return Quote(prefix) + " begins with " + Quote(reserved) +
           ", which is reserved; take another";
  }
  if (prefix.size() > kLongestName) {
    return TooLong(prefix);
  }
  if (prefix.starts_with('_')) {
    return Quote(prefix) +
           " begins with _, which is reserved for names that are never "
           "exported; take another";
  }
  return IsLabelName(prefix)
             ? std::string{}
             : Quote(prefix) +
                   " cannot begin a metric name: use letters, digits and _, a "
                   "letter first, such as \"backup_\"";
}

std::string LabelNameFault(std::string_view name) {
  if (name.size() > kLongestName) {
    return TooLong(name);
  }
  return IsCollectedLabelName(name)
             ? std::string{}
             : Quote(name) +
                   " is no label name: use letters, digits and _, a letter "
                   "first, such as \"device\"";
}

std::string EnvironmentNameFault(std::string_view name) {
  if (name.empty() || name.find('=') != std::string_view::npos ||
      name.find('\0') != std::string_view::npos) {
    return Quote(name) + " is no name of an environment variable";
  }
  if (name.substr(0, 17) == "COMMAND_EXPORTER_") {
    return Quote(name) +
           " is set by the exporter itself: names that begin with "
           "COMMAND_EXPORTER_ are reserved";
  }
  return {};
}

}  // namespace command_exporter
