// Units in the output of commands, and their base units in Prometheus.
//
// ns us ms s min h d -> seconds; B kB MB GB KiB MiB GiB TiB -> bytes;
// percent -> ratio. Powers of ten shift the decimal point of the text before
// conversion; other factors (60, 1024, ...) multiply afterwards, which is exact
// for the powers of two.
// https://prometheus.io/docs/practices/naming/#base-units
//
// Thread safety: pure functions; a Unit is a constant.
#ifndef COMMAND_EXPORTER_CORE_BASE_UNITS_HPP_
#define COMMAND_EXPORTER_CORE_BASE_UNITS_HPP_

#include <optional>
#include <span>
#include <string_view>

namespace command_exporter {

struct Unit {
  std::string_view name{};  // as written in the configuration
  // What may follow the number in the output, beside the name: "%" for percent,
  // and "kB" for KiB, because the kernel writes it so (proc(5)).
  std::string_view symbol{};
  std::string_view base{};  // "seconds", "bytes", "ratio"
  int power10{};            // decimal shift applied to the text
  double factor{1};         // applied after the conversion
};

// All units, in the order of the documentation.
std::span<const Unit> Units();

// Null when there is no such unit.
const Unit* FindUnit(std::string_view name);

// Reads `text` as a number in `unit` and returns it in the base unit. The
// spelling of the unit may follow the number, with or without a blank. A null
// `unit` reads a bare number. Surrounding blanks do not matter. The decimal
// point is first moved by `power10` digits, which is exact.
std::optional<double> ParseQuantity(std::string_view text, const Unit* unit,
                                    int power10 = 0);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_UNITS_HPP_
