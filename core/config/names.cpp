#include "core/config/names.hpp"

#include <algorithm>
#include <array>

namespace command_exporter {

namespace {

bool IsLower(char c) {
  return c >= 'a' && c <= 'z';
}

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool IsLetter(char c) {
  return IsLower(c) || (c >= 'A' && c <= 'Z');
}

template <typename First, typename Rest>
bool IsWord(std::string_view name, First first, Rest rest) {
  return !name.empty() && first(name.front()) &&
         std::all_of(name.begin(), name.end(), rest);
}

std::string Quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

// The word or prefix that `name` may not have; empty if it may.
std::string_view ReservedPart(std::string_view name) {
  constexpr std::array<std::string_view, 4> kPrefixes = {
      "__", "scrape_", "process_", "command_exporter_"};
  if (name == "up") {
    return "up";
  }
  for (const std::string_view prefix : kPrefixes) {
    if (name.substr(0, prefix.size()) == prefix) {
      return prefix;
    }
  }
  return {};
}

}  // namespace

bool IsCollectorName(std::string_view name) {
  return IsWord(name, IsLower,
                [](char c) { return IsLower(c) || IsDigit(c) || c == '_'; });
}

bool IsConfigLabelName(std::string_view name) {
  return IsWord(name, IsLetter,
                [](char c) { return IsLetter(c) || IsDigit(c) || c == '_'; });
}

std::string MetricNameFault(std::string_view name) {
  const std::string_view reserved = ReservedPart(name);
  if (reserved == "up") {
    return "\"up\" is made by Prometheus itself; take another name";
  }
  if (!reserved.empty()) {
    return Quoted(name) + " begins with " + Quoted(reserved) +
           ", which is reserved; take another name";
  }
  const bool legal = IsWord(name, IsLetter, [](char c) {
    return IsLetter(c) || IsDigit(c) || c == '_' || c == ':';
  });
  return legal ? std::string{}
               : Quoted(name) +
                     " is no metric name: use letters, digits and _, a "
                     "letter first, such as \"disk_used_bytes\"";
}

std::string LabelNameFault(std::string_view name) {
  return IsConfigLabelName(name)
             ? std::string{}
             : Quoted(name) +
                   " is no label name: use letters, digits and _, a letter "
                   "first, such as \"device\"";
}

std::string EnvironmentNameFault(std::string_view name) {
  if (name.empty() || name.find('=') != std::string_view::npos ||
      name.find('\0') != std::string_view::npos) {
    return Quoted(name) + " is no name of an environment variable";
  }
  if (name.substr(0, 17) == "COMMAND_EXPORTER_") {
    return Quoted(name) +
           " is set by the exporter itself: names that begin with "
           "COMMAND_EXPORTER_ are reserved";
  }
  return {};
}

}  // namespace command_exporter
