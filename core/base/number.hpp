// Numbers as text: read whole fields, write the shortest that round-trips.
//
// std::from_chars and std::to_chars do not depend on the locale. A field is
// either a number or not: trailing garbage, an empty field, hexadecimal, digit
// grouping and values outside a double's range are rejected, never cut and
// never read as 0.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_BASE_NUMBER_HPP_
#define COMMAND_EXPORTER_CORE_BASE_NUMBER_HPP_

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace command_exporter {

// Reads the whole of `text` as a decimal number: optional sign, digits with
// optional fraction and exponent; or, in any case, nan without a sign (as in
// Prometheus), and inf or infinity with or without one. `power10` shifts the
// decimal point of the *text* before conversion, so that 57 with -2 is exactly
// the double nearest to 0.57. An underflow is 0, an overflow is rejected.
std::optional<double> ParseNumber(std::string_view text, int power10 = 0);

// The whole of `text` as an integer; a `-` is read where T has a sign.
template <typename T>
std::optional<T> ParseInteger(std::string_view text, int base = 10) {
  T value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, base);
  return error == std::errc{} && stop == end ? std::optional(value)
                                             : std::nullopt;
}

// The shortest decimal text that reads back as the same double. Integers below
// 2^53 are written in full (100000, not 1e+05). NaN, +Inf, -Inf as in the
// Prometheus text format.
// https://prometheus.io/docs/instrumenting/exposition_formats/
std::string FormatNumber(double value);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_NUMBER_HPP_
