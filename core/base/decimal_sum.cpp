#include "core/base/decimal_sum.hpp"

#include <algorithm>
#include <string>

#include "core/base/number.hpp"
#include "core/base/text.hpp"

namespace command_exporter {

namespace {

constexpr unsigned kTen = 10;

}  // namespace

bool DecimalSum::Times(Digits& digits, std::uint64_t factor) {
  return !__builtin_mul_overflow(digits, Digits{factor}, &digits);
}

bool DecimalSum::Add(std::string_view number, std::uint64_t factor, int shift) {
  Digits digits = 0;
  int places = shift;
  bool in_fraction = false;
  for (const char c : number) {
    if (!IsDigit(c)) {
      in_fraction = true;
      continue;
    }
    places += in_fraction ? 1 : 0;
    if (!Times(digits, kTen) ||
        __builtin_add_overflow(digits, static_cast<Digits>(c - '0'), &digits)) {
      return false;
    }
  }
  if (!Times(digits, factor)) {
    return false;
  }
  for (; places_ < places; ++places_) {
    if (!Times(digits_, kTen)) {
      return false;
    }
  }
  for (; places < places_; ++places) {
    if (!Times(digits, kTen)) {
      return false;
    }
  }
  return !__builtin_add_overflow(digits_, digits, &digits_);
}

std::optional<double> DecimalSum::Value(int power10) const {
  std::string text;
  for (Digits rest = digits_; rest > 0; rest /= kTen) {
    text += static_cast<char>('0' + static_cast<int>(rest % kTen));
  }
  std::ranges::reverse(text);
  return ParseNumber(text.empty() ? "0" : text, power10 - places_);
}

}  // namespace command_exporter
