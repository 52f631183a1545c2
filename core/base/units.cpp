#include "core/base/units.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/number.hpp"
#include "core/base/text.hpp"

namespace command_exporter {

namespace {

constexpr double kKibi = 1024.0;
constexpr double kMinute = 60.0;
constexpr double kHour = 60.0 * kMinute;

constexpr std::array<Unit, 16> kUnits = {{
    {"ns", "ns", "seconds", -9, 1},
    {"us", "us", "seconds", -6, 1},
    {"ms", "ms", "seconds", -3, 1},
    {"s", "s", "seconds", 0, 1},
    {"min", "min", "seconds", 0, kMinute},
    {"h", "h", "seconds", 0, kHour},
    {"d", "d", "seconds", 0, 24 * kHour},
    {"B", "B", "bytes", 0, 1},
    {"kB", "kB", "bytes", 3, 1},
    {"MB", "MB", "bytes", 6, 1},
    {"GB", "GB", "bytes", 9, 1},
    {"KiB", "kB", "bytes", 0, kKibi},
    {"MiB", "MiB", "bytes", 0, kKibi* kKibi},
    {"GiB", "GiB", "bytes", 0, kKibi* kKibi* kKibi},
    {"TiB", "TiB", "bytes", 0, kKibi* kKibi* kKibi* kKibi},
    {"percent", "%", "ratio", -2, 1},
}};

}  // namespace

std::span<const Unit> Units() {
  return kUnits;
}

const Unit* FindUnit(std::string_view name) {
  const auto* const unit = std::ranges::find(kUnits, name, &Unit::name);
  return unit == kUnits.end() ? nullptr : unit;
}

std::optional<double> ParseQuantity(std::string_view text, const Unit* unit,
                                    int power10) {
  text = Trim(text);
  if (unit == nullptr) {
    return ParseNumber(text, power10);
  }
  for (const std::string_view spelling : {unit->symbol, unit->name}) {
    if (text.ends_with(spelling)) {
      text = Trim(text.substr(0, text.size() - spelling.size()));
      break;
    }
  }
  const auto value = ParseNumber(text, unit->power10 + power10);
  if (!value) {
    return std::nullopt;
  }
  const double scaled = *value * unit->factor;
  if (std::isinf(scaled) && !std::isinf(*value)) {
    return std::nullopt;
  }
  return scaled;
}

}  // namespace command_exporter
