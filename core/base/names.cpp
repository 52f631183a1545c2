#include "core/base/names.hpp"

#include <algorithm>
#include <array>

#include "core/base/text.hpp"

namespace command_exporter {

namespace {

bool IsNameLetter(char c) {
  return IsLetter(c) || c == '_';
}

std::string Underscored(std::string_view name,
                        bool (*is_legal)(std::string_view)) {
  if (is_legal(name)) {
    return std::string(name);
  }
  std::string out;
  out.reserve(name.size());
  while (!name.empty()) {
    // Invalid UTF-8 is not legal either; it is replaced byte by byte.
    const std::size_t length = std::max<std::size_t>(Utf8Length(name), 1);
    const std::string_view character = name.substr(0, length);
    const bool legal =
        is_legal(character) || (!out.empty() && IsDigit(character.front()));
    out += legal ? character.front() : '_';
    name.remove_prefix(length);
  }
  return out;
}

}  // namespace

bool IsMetricName(std::string_view name) {
  return !name.empty() && !IsDigit(name.front()) &&
         std::ranges::all_of(name, [](char c) {
           return IsNameLetter(c) || IsDigit(c) || c == ':';
         });
}

bool IsLabelName(std::string_view name) {
  return !name.empty() && !IsDigit(name.front()) &&
         std::ranges::all_of(
             name, [](char c) { return IsNameLetter(c) || IsDigit(c); });
}

bool IsQuotableName(std::string_view name) {
  return !name.empty() && IsValidUtf8(name) &&
         name.find('\0') == std::string_view::npos;
}

std::string UnderscoredMetricName(std::string_view name) {
  return Underscored(name, IsMetricName);
}

std::string UnderscoredLabelName(std::string_view name) {
  return Underscored(name, IsLabelName);
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
