#include "core/base/number_form.hpp"

#include <cstdint>
#include <string>

#include "core/base/digit_groups.hpp"
#include "core/base/number.hpp"
#include "core/base/printed_duration.hpp"
#include "core/base/printed_size.hpp"
#include "core/base/text.hpp"

namespace command_exporter {

namespace {

// What may stand before the digits of a base, in either case.
constexpr std::string_view PrefixOf(int base) {
  constexpr int kHexadecimal = 16;
  constexpr int kOctal = 8;
  return base == kHexadecimal ? "0x" : base == kOctal ? "0o" : "0b";
}

std::optional<double> ReadInBase(std::string_view text, int base, int power10) {
  const std::string_view prefix = PrefixOf(base);
  if (EqualsIgnoringCase(text.substr(0, prefix.size()), prefix)) {
    text.remove_prefix(prefix.size());
  }
  const auto value = ParseInteger<std::uint64_t>(text, base);
  return value ? ParseNumber(std::to_string(*value), power10) : std::nullopt;
}

std::optional<double> ReadWithoutSuffix(std::string_view text,
                                        const NumberForm& form, int power10) {
  if (form.base != kDecimalBase) {
    return ReadInBase(text, form.base, power10);
  }
  if (form.unit == nullptr) {
    return ParseGrouped(text, form.grouping, power10);
  }
  if (form.unit->kind == UnitKind::kDuration) {
    return ParsePrintedDuration(text, form.bare, power10);
  }
  if (form.unit->kind != UnitKind::kFixed) {
    return ParsePrintedSize(text, form.unit->kind, form.bare, form.grouping,
                            power10);
  }
  const auto value = ParseGrouped(WithoutUnit(text, *form.unit), form.grouping,
                                  form.unit->power10 + power10);
  return value ? Scaled(*value, form.unit->factor) : std::nullopt;
}

}  // namespace

std::optional<double> ReadNumber(std::string_view text, const NumberForm& form,
                                 int power10) {
  text = Trim(text);
  // A text that is a number already keeps what looks like the suffix: 5KiB is
  // no 5K with the suffix iB.
  auto value = ReadWithoutSuffix(text, form, power10);
  if (!value && !form.suffix.empty() && text.ends_with(form.suffix)) {
    text.remove_suffix(form.suffix.size());
    value = ReadWithoutSuffix(Trim(text), form, power10);
  }
  return value;
}

}  // namespace command_exporter
