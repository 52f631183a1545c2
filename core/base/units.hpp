// Units in the output of commands, and their base units in Prometheus.
//
// Fixed units are those of a number that has none of its own: ns us ms s min h
// d -> seconds; B kB MB GB KiB MiB GiB TiB -> bytes; percent -> ratio. With the
// other kinds (size_1024, size_1000, duration) each number has its own unit
// (printed_size.hpp, printed_duration.hpp).
//
// Powers of ten shift the decimal point of the text before conversion; other
// factors (60, 1024, ...) multiply afterwards, which is exact for the powers of
// two.
// https://prometheus.io/docs/practices/naming/#base-units
//
// Thread safety: pure functions; a Unit is a constant.
#ifndef COMMAND_EXPORTER_CORE_BASE_UNITS_HPP_
#define COMMAND_EXPORTER_CORE_BASE_UNITS_HPP_

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace command_exporter {

enum class UnitKind : std::uint8_t { kFixed, kSize1024, kSize1000, kDuration };

struct Unit {
  std::string_view name{};  // as written in the configuration
  UnitKind kind{};
  std::string_view base{};  // "seconds", "bytes", "ratio"
  int power10{};            // decimal shift applied to the text
  double factor{1};         // applied after the conversion
  // What may follow the number in the output. A text comes before the texts
  // that it ends with. Empty for units that are not fixed.
  std::span<const std::string_view> spellings{};
};

// All units, in the order of the documentation: first the fixed ones.
std::span<const Unit> Units();
std::span<const Unit> FixedUnits();

// Null when there is no such unit.
const Unit* FindUnit(std::string_view name);

// `text` without the spelling of `unit` that it ends with, if any.
std::string_view WithoutUnit(std::string_view text, const Unit& unit);

// The product of a number that was read. None: it is too large.
inline std::optional<double> Scaled(double value, double factor) {
  const double scaled = value * factor;
  return std::isinf(scaled) && !std::isinf(value) ? std::nullopt
                                                  : std::optional(scaled);
}

// Reads `text` as a number in `unit`, a fixed one, and returns it in the base
// unit. A spelling of the unit may follow the number, with or without blanks. A
// null `unit` reads a bare number. Surrounding blanks do not matter. The
// decimal point is first moved by `power10` digits, which is exact.
std::optional<double> ParseQuantity(std::string_view text, const Unit* unit,
                                    int power10 = 0);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_UNITS_HPP_
