// Numbers of which a pattern took only a part: `total ([0-9]+)` takes the 1 of
// "total 1,234".
//
// Only what stands outside of the match counts. A pattern that itself reads the
// comma, as `([0-9]+),([0-9]+)` does, says that it ends the number.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_CUT_NUMBER_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_CUT_NUMBER_HPP_

#include <string_view>

namespace command_exporter {

// The longer number in `text` that `group` is a part of; empty if there is
// none. `group` is inside of `match`, and that inside of `text`.
std::string_view NumberAround(std::string_view text, std::string_view match,
                              std::string_view group);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_CUT_NUMBER_HPP_
