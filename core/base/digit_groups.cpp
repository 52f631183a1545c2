#include "core/base/digit_groups.hpp"

#include <algorithm>
#include <string>

#include "core/base/number.hpp"
#include "core/base/text.hpp"

namespace command_exporter {

namespace {

constexpr std::size_t kGroup = 3;

bool AreDigits(std::string_view text) {
  return std::ranges::all_of(text, IsDigit);
}

// The bytes of the digits at the start of `text`.
std::size_t DigitsLength(std::string_view text) {
  const auto* const end = std::ranges::find_if_not(text, IsDigit);
  return static_cast<std::size_t>(end - text.begin());
}

bool HasSign(std::string_view text) {
  return text.starts_with('-') || text.starts_with('+');
}

// Removes the groups of `whole`; empty if they are not regular.
std::string WithoutGroups(std::string_view whole, char grouping) {
  const std::size_t first = whole.find(grouping);
  const bool leads_with_0 = whole.starts_with('0');  // 0,123 is a fraction
  if (first == 0 || first > kGroup || leads_with_0 ||
      !AreDigits(whole.substr(0, first))) {
    return {};
  }
  std::string digits(whole.substr(0, first));
  for (whole.remove_prefix(first); !whole.empty();
       whole.remove_prefix(kGroup + 1)) {
    const std::string_view group = whole.substr(1, kGroup);
    if (whole.front() != grouping || group.size() < kGroup ||
        !AreDigits(group)) {
      return {};
    }
    digits += group;
  }
  return digits;
}

// The bytes of an exponent at the start of `text`; 0: none, or a letter follows
// it.
std::size_t ExponentLength(std::string_view text) {
  if (!text.starts_with('e') && !text.starts_with('E')) {
    return 0;
  }
  const std::size_t begin = 1 + (HasSign(text.substr(1)) ? 1 : 0);
  const std::size_t digits = DigitsLength(text.substr(begin));
  const std::size_t end = begin + digits;
  const bool goes_on = end < text.size() && IsLetter(text[end]);
  return digits == 0 || goes_on ? 0 : end;
}

}  // namespace

std::optional<double> ParseGrouped(std::string_view text, char grouping,
                                   int power10) {
  if (grouping == '\0' || text.find(grouping) == std::string_view::npos) {
    return ParseNumber(text, power10);
  }
  const std::string_view sign = text.substr(0, HasSign(text) ? 1 : 0);
  text.remove_prefix(sign.size());
  const std::size_t point =
      grouping == '.' ? text.size() : std::min(text.find('.'), text.size());
  const std::string digits = WithoutGroups(text.substr(0, point), grouping);
  const std::string_view fraction = text.substr(point);
  if (digits.empty() || !AreDigits(fraction.substr(fraction.empty() ? 0 : 1))) {
    return std::nullopt;
  }
  return ParseNumber(std::string(sign) + digits + std::string(fraction),
                     power10);
}

std::size_t NumberLength(std::string_view text, char grouping) {
  std::size_t end = HasSign(text) ? 1 : 0;
  const std::size_t begin = end;
  const auto is_group = [&](std::size_t at) {
    return grouping != '\0' && at > begin && at + 1 < text.size() &&
           text[at] == grouping && IsDigit(text[at + 1]);
  };
  while (end < text.size() && (IsDigit(text[end]) || is_group(end))) {
    ++end;
  }
  std::size_t digits = end - begin;
  if (end < text.size() && text[end] == '.') {
    const std::size_t fraction = DigitsLength(text.substr(end + 1));
    digits += fraction;
    end += 1 + fraction;
  }
  return digits == 0 ? 0 : end + ExponentLength(text.substr(end));
}

}  // namespace command_exporter
