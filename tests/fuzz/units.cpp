// Numbers and quantities in every form: never invented, and the same after a
// round trip.
#include "core/base/units.hpp"

#include <cmath>
#include <cstring>

#include "collectors/mapping/number_hints.hpp"
#include "core/base/digit_groups.hpp"
#include "core/base/number.hpp"
#include "core/base/number_form.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace command_exporter {
namespace {

bool AreSame(double a, double b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

void CheckForm(std::string_view text, const NumberForm& form) {
  const auto value = ReadNumber(text, form);
  if (!value) {
    Require(NumberHint(text, form).find('\0') == std::string::npos,
            "a hint can be shown");
    return;
  }
  const auto plain = form.IsPlain() ? ParseQuantity(text, form.unit) : value;
  Require(plain && (AreSame(*plain, *value) || std::isnan(*value)),
          "the short way reads the same");
  const bool is_word = std::isnan(*value) || std::isinf(*value);
  const bool has_digit =
      text.find_first_of("0123456789abcdefABCDEF") != std::string_view::npos;
  Require(is_word || has_digit, "a number has a digit");
  Require(
      !is_word || form.unit == nullptr || form.unit->kind == UnitKind::kFixed,
      "no size and no duration is endless");
}

void CheckUnit(std::string_view text, const Unit& unit) {
  NumberForm form{.unit = &unit};
  const auto value = ReadNumber(text, form);
  CheckForm(text, form);
  if (unit.kind == UnitKind::kFixed) {
    return;
  }
  form.bare = FindUnit(unit.base == "bytes" ? "KiB" : "min");
  const auto with_bare = ReadNumber(text, form);
  Require(!value || (with_bare && AreSame(*with_bare, *value)),
          "bare changes no number that has a unit");
  form.suffix = "/s";
  const auto with_suffix = ReadNumber(text, form);
  Require(!with_bare || (with_suffix && AreSame(*with_suffix, *with_bare)),
          "a suffix changes no number that has none");
}

}  // namespace
}  // namespace command_exporter

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace command_exporter;
  const std::string_view text = AsText(data, size);
  for (const Unit& unit : Units()) {
    CheckUnit(text, unit);
  }
  for (const int base : {2, 8, 10, 16}) {
    CheckForm(text, {.base = base});
  }
  for (const char grouping : {',', '.', '\'', '_', ' '}) {
    CheckForm(text, {.grouping = grouping});
    CheckForm(text, {.unit = FindUnit("size_1000"), .grouping = grouping});
    CheckForm(text, {.unit = FindUnit("ms"), .grouping = grouping});
    Require(NumberLength(text, grouping) <= text.size(),
            "a number is part of its text");
  }
  const auto number = ParseNumber(text);
  if (number && !std::isnan(*number)) {
    const auto again = ParseNumber(FormatNumber(*number));
    Require(again && AreSame(*again, *number),
            "a number survives its own spelling, bit for bit");
  }
  return 0;
}
