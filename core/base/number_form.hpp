// NumberForm: how the output of a command prints its numbers, and the reader of
// such numbers.
//
// Each part of the form must be declared. Nothing is guessed from the number,
// because `1.234`, `10` or `5M` mean different numbers in different programs.
//
//   NumberForm form{.unit = FindUnit("size_1024")};
//   ReadNumber("28.7G", form);  // 30816390348.8
//   ReadNumber("28.7", form);   // none: no unit
//
// Thread safety: pure functions; a NumberForm is a plain value.
#ifndef COMMAND_EXPORTER_CORE_BASE_NUMBER_FORM_HPP_
#define COMMAND_EXPORTER_CORE_BASE_NUMBER_FORM_HPP_

#include <optional>
#include <string_view>

#include "core/base/units.hpp"

namespace command_exporter {

inline constexpr int kDecimalBase = 10;

struct NumberForm {
  const Unit* unit{};  // null: no unit
  // The unit of numbers that have none, where `unit` is not fixed; null: only
  // 0 may have none.
  const Unit* bare{};
  std::string_view suffix{};  // may follow the number
  // Of whole numbers without a sign; they may begin with 0x, 0o or 0b. Not 10:
  // without unit and grouping.
  int base{kDecimalBase};
  char grouping{};  // between groups of three digits; NUL: none

  // True for what ParseQuantity reads.
  bool IsPlain() const {
    return suffix.empty() && base == kDecimalBase && grouping == '\0' &&
           (unit == nullptr || unit->kind == UnitKind::kFixed);
  }
};

// Reads the whole of `text`, but for blanks around it, in the base unit. The
// decimal point is first moved by `power10` digits. None: no such number.
std::optional<double> ReadNumber(std::string_view text, const NumberForm& form,
                                 int power10 = 0);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_NUMBER_FORM_HPP_
