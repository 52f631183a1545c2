#include "core/base/names.hpp"

#include <algorithm>
#include <array>

namespace command_exporter {

namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

}  // namespace

bool IsMetricName(std::string_view name) {
  return !name.empty() && !IsDigit(name.front()) &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return IsLetter(c) || IsDigit(c) || c == ':';
         });
}

bool IsLabelName(std::string_view name) {
  return !name.empty() && !IsDigit(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return IsLetter(c) || IsDigit(c); });
}

std::string_view ReservedPart(std::string_view name) {
  constexpr std::array<std::string_view, 4> kPrefixes = {
      "__", "scrape_", "process_", "command_exporter_"};
  if (name == "up") {
    return name;
  }
  for (const std::string_view prefix : kPrefixes) {
    if (name.starts_with(prefix)) {
      return prefix;
    }
  }
  return {};
}

bool IsCollectedMetricName(std::string_view name) {
  return name.size() <= kLongestName && IsMetricName(name) &&
         name.front() != '_';
}

bool IsCollectedLabelName(std::string_view name) {
  return name.size() <= kLongestName && IsLabelName(name) &&
         name.front() != '_';
}

}  // namespace command_exporter
