// What to do about a text that is no number in the form of its metric: the unit
// to set, what may follow the number, which key reads such a spelling.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_MAPPING_NUMBER_HINTS_HPP_
#define COMMAND_EXPORTER_COLLECTORS_MAPPING_NUMBER_HINTS_HPP_

#include <string>
#include <string_view>

#include "core/base/number_form.hpp"

namespace command_exporter {

// "; ..." for the end of a message; empty if there is nothing to say. Requires:
// ReadNumber cannot read `text` in `form`.
std::string NumberHint(std::string_view text, const NumberForm& form);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_MAPPING_NUMBER_HINTS_HPP_
