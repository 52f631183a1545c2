#include "core/base/units.hpp"

#include <algorithm>
#include <array>

#include "core/base/number.hpp"
#include "core/base/text.hpp"

namespace command_exporter {

namespace {

constexpr double kKibi = 1024.0;
constexpr double kMinute = 60.0;
constexpr double kHour = 60.0 * kMinute;

template <std::size_t kSize>
using Words = std::array<std::string_view, kSize>;

constexpr Words<1> kNanosecond = {"ns"};
// The micro sign, and the Greek letter that replaces it in Unicode.
constexpr Words<3> kMicrosecond = {"us", "\u00B5s", "\u03BCs"};
constexpr Words<1> kMillisecond = {"ms"};
constexpr Words<9> kSecond = {"seconds", "Seconds", "second", "Second", "secs",
                              "Secs",    "sec",     "Sec",    "s"};
constexpr Words<8> kMinutes = {"minutes", "Minutes", "minute", "Minute",
                               "mins",    "Mins",    "min",    "Min"};
constexpr Words<9> kHours = {"hours", "Hours", "hour", "Hour", "hrs",
                             "Hrs",   "hr",    "Hr",   "h"};
constexpr Words<5> kDay = {"days", "Days", "day", "Day", "d"};
constexpr Words<5> kByte = {"bytes", "Bytes", "byte", "Byte", "B"};
constexpr Words<4> kKilo = {"kB", "KB", "K", "k"};
constexpr Words<2> kMega = {"MB", "M"};  // m is milli
constexpr Words<2> kGiga = {"GB", "G"};
// The kernel writes kB for it (proc(5)).
constexpr Words<5> kKibibyte = {"KiB", "kB", "Ki", "K", "k"};
constexpr Words<4> kMebibyte = {"MiB", "Mi", "M", "m"};
constexpr Words<4> kGibibyte = {"GiB", "Gi", "G", "g"};
constexpr Words<4> kTebibyte = {"TiB", "Ti", "T", "t"};
constexpr Words<3> kPercent = {"%", "percent", "Percent"};

constexpr UnitKind kFixed = UnitKind::kFixed;

constexpr std::array<Unit, 19> kUnits = {{
    {"ns", kFixed, "seconds", -9, 1, kNanosecond},
    {"us", kFixed, "seconds", -6, 1, kMicrosecond},
    {"ms", kFixed, "seconds", -3, 1, kMillisecond},
    {"s", kFixed, "seconds", 0, 1, kSecond},
    {"min", kFixed, "seconds", 0, kMinute, kMinutes},
    {"h", kFixed, "seconds", 0, kHour, kHours},
    {"d", kFixed, "seconds", 0, 24 * kHour, kDay},
    {"B", kFixed, "bytes", 0, 1, kByte},
    {"kB", kFixed, "bytes", 3, 1, kKilo},
    {"MB", kFixed, "bytes", 6, 1, kMega},
    {"GB", kFixed, "bytes", 9, 1, kGiga},
    {"KiB", kFixed, "bytes", 0, kKibi, kKibibyte},
    {"MiB", kFixed, "bytes", 0, kKibi* kKibi, kMebibyte},
    {"GiB", kFixed, "bytes", 0, kKibi* kKibi* kKibi, kGibibyte},
    {"TiB", kFixed, "bytes", 0, kKibi* kKibi* kKibi* kKibi, kTebibyte},
    {"percent", kFixed, "ratio", -2, 1, kPercent},
    {"size_1024", UnitKind::kSize1024, "bytes"},
    {"size_1000", UnitKind::kSize1000, "bytes"},
    {"duration", UnitKind::kDuration, "seconds"},
}};
constexpr std::size_t kFixedUnits = 16;

}  // namespace

std::span<const Unit> Units() {
  return kUnits;
}

std::span<const Unit> FixedUnits() {
  return Units().first(kFixedUnits);
}

const Unit* FindUnit(std::string_view name) {
  const auto* const unit = std::ranges::find(kUnits, name, &Unit::name);
  return unit == kUnits.end() ? nullptr : unit;
}

std::string_view WithoutUnit(std::string_view text, const Unit& unit) {
  if (text.empty() || IsDigit(text.back())) {
    return text;
  }
  for (const std::string_view spelling : unit.spellings) {
    if (text.ends_with(spelling)) {
      return Trim(text.substr(0, text.size() - spelling.size()));
    }
  }
  return text;
}

std::optional<double> ParseQuantity(std::string_view text, const Unit* unit,
                                    int power10) {
  text = Trim(text);
  if (unit == nullptr) {
    return ParseNumber(text, power10);
  }
  const auto value =
      ParseNumber(WithoutUnit(text, *unit), unit->power10 + power10);
  return value ? Scaled(*value, unit->factor) : std::nullopt;
}

}  // namespace command_exporter
