#include "core/base/printed_size.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "core/base/digit_groups.hpp"
#include "core/base/text.hpp"

namespace command_exporter {

namespace {

constexpr double kKibi = 1024.0;
constexpr int kDigitsOfKilo = 3;

// A unit of bytes: a power of ten or a factor, as of Unit.
struct Scale {
  int power10{};
  double factor{1};
};

Scale Binary(std::size_t power) {
  return {.factor = std::pow(kKibi, static_cast<double>(power))};
}

Scale Decimal(std::size_t power) {
  return {.power10 = kDigitsOfKilo * static_cast<int>(power)};
}

// The unit that `word` means, which is not empty.
std::optional<Scale> FindScale(std::string_view word, UnitKind kind) {
  constexpr std::string_view kLetters = "KMGTPE";
  constexpr std::string_view kSmall = "mgtpe";  // of top and lvm
  const auto bytes = FindUnit("B")->spellings;
  if (std::ranges::find(bytes, word) != bytes.end()) {
    return Scale{};
  }
  const bool is_1024 = kind == UnitKind::kSize1024;
  if (const std::size_t small = kSmall.find(word);
      is_1024 && word.size() == 1 && small != std::string_view::npos) {
    return Binary(small + 2);
  }
  const char letter = word.front();
  const std::size_t power =
      letter == 'k' ? 1 : kLetters.find(letter) + 1;  // 0: not found
  const std::string_view rest = word.substr(1);
  if (power == 0) {
    return std::nullopt;
  }
  if (rest == "i" || rest == "iB") {
    return letter == 'k' ? std::nullopt : std::optional(Binary(power));
  }
  if (!rest.empty() && rest != "B") {
    return std::nullopt;
  }
  return is_1024 ? Binary(power) : Decimal(power);
}

}  // namespace

std::optional<double> ParsePrintedSize(std::string_view text, UnitKind kind,
                                       const Unit* bare, char grouping,
                                       int power10) {
  text = Trim(text);
  const std::size_t length = NumberLength(text, grouping);
  const std::string_view number = text.substr(0, length);
  const std::string_view word = Trim(text.substr(length));
  Scale scale;
  if (!word.empty()) {
    const auto found = FindScale(word, kind);
    if (!found) {
      return std::nullopt;
    }
    scale = *found;
  } else if (bare != nullptr) {
    scale = {bare->power10, bare->factor};
  }
  const auto value = ParseGrouped(number, grouping, scale.power10 + power10);
  if (!value || (word.empty() && bare == nullptr && *value != 0)) {
    return std::nullopt;
  }
  return Scaled(*value, scale.factor);
}

}  // namespace command_exporter
