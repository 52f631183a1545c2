// Numbers whose digits are grouped: "1,234,567.8", "1'234", "1 234".
//
// The group character must be declared, because `1,234` is a number of the
// thousands in one program and a decimal fraction in another.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_BASE_DIGIT_GROUPS_HPP_
#define COMMAND_EXPORTER_CORE_BASE_DIGIT_GROUPS_HPP_

#include <cstddef>
#include <optional>
#include <string_view>

namespace command_exporter {

// Reads the whole of `text` as a number. With `grouping` (NUL: none) it may
// have groups of exactly three digits behind one to three digits that do not
// begin with 0, and then a fraction with `.`, but no exponent. If `.` groups,
// there is no fraction. `power10` as for ParseNumber.
std::optional<double> ParseGrouped(std::string_view text, char grouping,
                                   int power10);

// The bytes of the number at the start of `text`, with its sign, groups,
// fraction and exponent; 0 if there is none. In "5E" and "5E3B" the E is no
// exponent.
std::size_t NumberLength(std::string_view text, char grouping);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_DIGIT_GROUPS_HPP_
