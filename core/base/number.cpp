#include "core/base/number.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/base/text.hpp"

namespace command_exporter {

namespace {

// Beyond these bounds every decimal exponent means "too large" or "zero".
constexpr std::int64_t kExponentLimit = 100'000'000;
// Below 2^53 every integer is exactly a double.
constexpr double kExactIntegers = 9007199254740992.0;
// Room for the longest output of std::to_chars for a double.
constexpr std::size_t kMaxNumberChars = 32;

// A decimal number without its sign, taken apart: 12.5e3 is "12", "5", 3.
struct Decimal {
  std::string_view mantissa{};  // "12.5"
  std::int64_t exponent{};
};

// Reads [+-]digits, saturated at kExponentLimit.
std::optional<std::int64_t> ReadExponent(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  if (text.empty() || !std::ranges::all_of(text, IsDigit)) {
    return std::nullopt;
  }
  std::int64_t value = 0;
  for (const char c : text) {
    value = std::min(value * 10 + (c - '0'), kExponentLimit);
  }
  return negative ? -value : value;
}

std::optional<Decimal> ReadDecimal(std::string_view text) {
  Decimal decimal;
  const std::size_t e = text.find_first_of("eE");
  decimal.mantissa = text.substr(0, e);
  if (e != std::string_view::npos) {
    const auto exponent = ReadExponent(text.substr(e + 1));
    if (!exponent) {
      return std::nullopt;
    }
    decimal.exponent = *exponent;
  }
  return decimal;
}

// True when the decimal is below 1. Out of a double's range, such a number is
// zero and not infinity.
bool IsSmall(const Decimal& decimal) {
  const std::string_view text = decimal.mantissa;
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::size_t first = text.find_first_not_of("0.");
  if (first == std::string_view::npos) {
    return true;
  }
  return static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first) +
             decimal.exponent <=
         0;
}

// Requires: `text` has no sign.
std::optional<double> Convert(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (stop != end || error == std::errc::invalid_argument) {
    return std::nullopt;
  }
  if (error == std::errc::result_out_of_range || std::isinf(value)) {
    const auto decimal = ReadDecimal(text);
    if (!decimal || !IsSmall(*decimal)) {
      return std::nullopt;
    }
    return 0.0;
  }
  return value;
}

std::optional<double> ConvertShifted(std::string_view text, int power10) {
  const auto decimal = ReadDecimal(text);
  if (!decimal) {
    return std::nullopt;
  }
  std::string shifted;
  shifted.reserve(decimal->mantissa.size() + kMaxNumberChars);
  shifted = decimal->mantissa;
  shifted += 'e';
  shifted += std::to_string(decimal->exponent + power10);
  return Convert(shifted);
}

std::optional<double> ParseWord(std::string_view word, bool negative,
                                bool has_sign) {
  if (EqualsIgnoringCase(word, "inf") || EqualsIgnoringCase(word, "infinity")) {
    const double infinity = std::numeric_limits<double>::infinity();
    return negative ? -infinity : infinity;
  }
  if (!has_sign && EqualsIgnoringCase(word, "nan")) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return std::nullopt;
}

template <typename Value>
std::string Digits(Value value) {
  std::array<char, kMaxNumberChars> buffer{};
  const auto result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), result.ptr};
}

}  // namespace

std::optional<double> ParseNumber(std::string_view text, int power10) {
  const bool negative = text.starts_with('-');
  const bool has_sign = negative || text.starts_with('+');
  if (has_sign) {
    text.remove_prefix(1);
  }
  if (text.empty()) {
    return std::nullopt;
  }
  if (!IsDigit(text.front()) && text.front() != '.') {
    return ParseWord(text, negative, has_sign);
  }
  const auto value =
      power10 == 0 ? Convert(text) : ConvertShifted(text, power10);
  return value && negative ? -*value : value;
}

std::string FormatNumber(double value) {
  if (std::isnan(value)) {
    return "NaN";
  }
  if (std::isinf(value)) {
    return value > 0 ? "+Inf" : "-Inf";
  }
  if (std::abs(value) < kExactIntegers && value == std::trunc(value) &&
      !(value == 0 && std::signbit(value))) {
    return Digits(static_cast<std::int64_t>(value));
  }
  return Digits(value);
}

}  // namespace command_exporter
