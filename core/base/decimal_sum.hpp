// DecimalSum: adds decimal numbers without rounding.
//
// 3 * 60 + 25.123 must be the double nearest to 205.123. A sum of doubles is
// not, so the sum is kept as a whole number and its decimal places, and is
// rounded once.
//
// Thread safety: none; a plain value.
#ifndef COMMAND_EXPORTER_CORE_BASE_DECIMAL_SUM_HPP_
#define COMMAND_EXPORTER_CORE_BASE_DECIMAL_SUM_HPP_

#include <cstdint>
#include <optional>
#include <string_view>

namespace command_exporter {

class DecimalSum {
 public:
  // Adds `number` ("12", "12.5", ".5") times `factor`, with the decimal point
  // `shift` places to the left. False if the digits of the sum need more
  // than 128 bits; it must not be used then.
  bool Add(std::string_view number, std::uint64_t factor, int shift = 0);

  // The sum, its decimal point moved by `power10` places. None: it is too
  // large for a double.
  std::optional<double> Value(int power10) const;

 private:
  __extension__ using Digits = unsigned __int128;

  static bool Times(Digits& digits, std::uint64_t factor);

  Digits digits_ = 0;
  int places_ = 0;  // of digits_ behind the decimal point
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_DECIMAL_SUM_HPP_
