#include "core/base/printed_duration.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/decimal_sum.hpp"
#include "core/base/number.hpp"
#include "core/base/text.hpp"

namespace command_exporter {

namespace {

constexpr std::uint64_t kMinute = 60;
constexpr std::uint64_t kHour = 60 * kMinute;
constexpr std::uint64_t kDay = 24 * kHour;
constexpr std::size_t kDayWord = 3;  // the shortest word for a day
constexpr std::array<std::string_view, 5> kWeeks = {"weeks", "Weeks", "week",
                                                    "Week", "w"};

// `factor` seconds, less `shift` decimal places: 1 and 3 are a millisecond.
struct TimeUnit {
  std::uint64_t factor{};
  int shift{};

  bool IsBelow(const TimeUnit& other) const {
    return shift == other.shift ? factor < other.factor : shift > other.shift;
  }
};

TimeUnit Of(const Unit& unit) {
  return {static_cast<std::uint64_t>(unit.factor), -unit.power10};
}

std::optional<TimeUnit> FindTimeUnit(std::string_view word) {
  if (word == "m") {
    return TimeUnit{kMinute};
  }
  if (std::ranges::find(kWeeks, word) != kWeeks.end()) {
    return TimeUnit{7 * kDay};
  }
  for (const Unit& unit : FixedUnits()) {
    if (unit.base == "seconds" &&
        std::ranges::find(unit.spellings, word) != unit.spellings.end()) {
      return Of(unit);
    }
  }
  return std::nullopt;
}

bool IsWordPart(char c) {
  return IsLetter(c) || static_cast<unsigned char>(c) >= 0x80;
}

// Takes the characters of one class from the front of `rest`.
template <typename Class>
std::string_view Take(std::string_view& rest, Class is_member) {
  const auto* const end = std::ranges::find_if_not(rest, is_member);
  const auto length = static_cast<std::size_t>(end - rest.begin());
  const std::string_view taken = rest.substr(0, length);
  rest.remove_prefix(length);
  return taken;
}

std::string_view TakeBlanks(std::string_view& rest) {
  return Take(rest, [](char c) { return c == ' '; });
}

bool TakeIf(std::string_view& rest, char c) {
  const bool found = rest.starts_with(c);
  rest.remove_prefix(found ? 1 : 0);
  return found;
}

// Takes "12", "12.5" or ".5"; empty if there is no digit.
std::string_view TakeNumber(std::string_view& rest) {
  const std::string_view begin = rest;
  std::size_t digits = Take(rest, IsDigit).size();
  if (TakeIf(rest, '.')) {
    digits += Take(rest, IsDigit).size();
  }
  return digits == 0 ? std::string_view{}
                     : begin.substr(0, begin.size() - rest.size());
}

// Two digits below 60, for seconds perhaps with a fraction.
bool IsSixtieth(std::string_view text) {
  constexpr std::size_t kDigits = 2;
  return std::min(text.find('.'), text.size()) == kDigits &&
         text.front() < '6' && text.back() != '.';
}

// What "2-01:24:56" and "5 days, 03:04:05" begin with: takes the days and what
// parts them from the clock. Empty: there are none.
std::string_view TakeDays(std::string_view& rest) {
  std::string_view after = rest;
  const std::string_view days = Take(after, IsDigit);
  if (days.empty()) {
    return {};
  }
  if (!TakeIf(after, '-')) {
    const bool parted = !TakeBlanks(after).empty();
    const std::string_view word = Take(after, IsLetter);
    TakeIf(after, ',');
    if (!parted || word.size() < kDayWord ||
        FindTimeUnit(word).value_or(TimeUnit{}).factor != kDay ||
        TakeBlanks(after).empty()) {
      return {};
    }
  }
  rest = after;
  return days;
}

// Takes what parts two parts, if anything; false: it may not part them.
bool TakeSeparator(std::string_view& rest) {
  if (TakeIf(rest, '+')) {
    return true;
  }
  const bool comma = TakeIf(rest, ',');
  return !TakeBlanks(rest).empty() || !comma;
}

// days, hours : minutes : seconds, or minutes : seconds with a fraction.
bool AddClock(std::string_view text, DecimalSum& sum) {
  constexpr std::uint64_t kHours = 24;
  const std::string_view days = TakeDays(text);
  const std::string_view first = Take(text, IsDigit);
  if (first.empty() || !TakeIf(text, ':')) {
    return false;
  }
  const std::string_view second = TakeNumber(text);
  if (second.empty() || !IsSixtieth(second)) {
    return false;
  }
  if (text.empty()) {
    return days.empty() && second.find('.') != std::string_view::npos &&
           sum.Add(first, kMinute) && sum.Add(second, 1);
  }
  const bool whole = second.find('.') == std::string_view::npos;
  if (!whole || !TakeIf(text, ':')) {
    return false;
  }
  const std::string_view third = TakeNumber(text);
  const auto hours = ParseInteger<std::uint64_t>(first);
  const bool fits = days.empty() || (hours && *hours < kHours);
  return fits && text.empty() && !third.empty() && IsSixtieth(third) &&
         (days.empty() || sum.Add(days, kDay)) && sum.Add(first, kHour) &&
         sum.Add(second, kMinute) && sum.Add(third, 1);
}

bool AddParts(std::string_view text, DecimalSum& sum) {
  std::optional<TimeUnit> last;
  while (!text.empty()) {
    if (last && !TakeSeparator(text)) {
      return false;
    }
    const std::string_view number = TakeNumber(text);
    TakeBlanks(text);
    const auto unit = FindTimeUnit(Take(text, IsWordPart));
    if (number.empty() || !unit || (last && !unit->IsBelow(*last)) ||
        !sum.Add(number, unit->factor, unit->shift)) {
      return false;
    }
    last = unit;
  }
  return last.has_value();
}

bool AddBare(std::string_view number, const Unit* bare, DecimalSum& sum) {
  if (bare != nullptr) {
    return sum.Add(number, Of(*bare).factor, Of(*bare).shift);
  }
  return number.find_first_not_of("0.") == std::string_view::npos;
}

}  // namespace

std::optional<double> ParsePrintedDuration(std::string_view text,
                                           const Unit* bare, int power10) {
  text = Trim(text);
  const bool negative = TakeIf(text, '-');
  if (!negative) {
    TakeIf(text, '+');
  }
  DecimalSum sum;
  std::string_view rest = text;
  const std::string_view number = TakeNumber(rest);
  const bool is_bare = !number.empty() && rest.empty();
  const bool read = is_bare ? AddBare(number, bare, sum)
                            : (text.find(':') == std::string_view::npos
                                   ? AddParts(text, sum)
                                   : AddClock(text, sum));
  const auto seconds = read ? sum.Value(power10) : std::nullopt;
  return seconds && negative ? -*seconds : seconds;
}

}  // namespace command_exporter
