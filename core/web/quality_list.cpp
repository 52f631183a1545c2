#include "core/web/quality_list.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "core/base/text.hpp"

namespace command_exporter {
namespace {

// The part of `rest` before the next `separator` that is not in quotes; `rest`
// moves behind it.
std::string_view TakePart(std::string_view& rest, char separator) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < rest.size(); ++end) {
    if (quoted && rest[end] == '\\') {
      ++end;
    } else if (rest[end] == '"') {
      quoted = !quoted;
    } else if (rest[end] == separator && !quoted) {
      break;
    }
  }
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return Trim(part);
}

// 0, 1, or either with up to three digits: 0.5 is 500.
std::optional<int> ParseQuality(std::string_view text) {
  constexpr std::size_t kLongest = 5;
  constexpr int kOne = 1000;
  if (text.empty() || text.size() > kLongest ||
      (text[0] != '0' && text[0] != '1') ||
      (text.size() > 1 && text[1] != '.')) {
    return std::nullopt;
  }
  int quality = (text[0] - '0') * kOne;
  int weight = kOne;
  for (std::size_t i = 2; i < text.size(); ++i) {
    if (!IsDigit(text[i])) {
      return std::nullopt;
    }
    weight /= 10;
    quality += (text[i] - '0') * weight;
  }
  return quality <= kOne ? std::optional(quality) : std::nullopt;
}

std::optional<QualityEntry> ParseEntry(std::string_view text) {
  QualityEntry entry;
  entry.value = Lower(TakePart(text, ';'));
  if (entry.value.empty() ||
      entry.value.find_first_of(" \t\"=") != std::string::npos) {
    return std::nullopt;
  }
  while (!text.empty()) {
    std::string_view value = TakePart(text, ';');
    if (value.empty()) {
      continue;
    }
    const std::string name = Lower(TakePart(value, '='));
    value = Trim(value);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    if (name != "q") {
      entry.parameters.emplace_back(name, Lower(value));
      continue;
    }
    const auto quality = ParseQuality(value);
    if (!quality) {
      return std::nullopt;
    }
    entry.quality = *quality;
  }
  return entry;
}

}  // namespace

std::string_view QualityEntry::Parameter(std::string_view name) const {
  const auto found = std::ranges::find(
      parameters, name, &std::pair<std::string, std::string>::first);
  return found == parameters.end() ? std::string_view{} : found->second;
}

std::vector<QualityEntry> ParseQualityList(std::string_view header) {
  std::vector<QualityEntry> entries;
  while (!header.empty()) {
    if (auto entry = ParseEntry(TakePart(header, ','))) {
      entries.push_back(*std::move(entry));
    }
  }
  return entries;
}

}  // namespace command_exporter
