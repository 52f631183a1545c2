// Durations as programs print them for people: "30m", "1d2h", "2 hours, 5
// minutes", "01:09:48", "2-01:24:56", "5 days, 03:04:05", "03:25.123".
//
// A part is a number with its unit (`m` is a minute); several parts fall in
// size, each once, joined or parted by blanks, by a comma and blanks, or by a
// plus. A clock has two colons, or one colon and a fraction of the seconds.
// What has two meanings is rejected: 01:02 is hours and minutes for uptime, and
// minutes and seconds for ps. So are months and years, which have no fixed
// length. core/base/duration.hpp reads the durations of the configuration.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_BASE_PRINTED_DURATION_HPP_
#define COMMAND_EXPORTER_CORE_BASE_PRINTED_DURATION_HPP_

#include <optional>
#include <string_view>

#include "core/base/units.hpp"

namespace command_exporter {

// `text` in seconds, as the double nearest to the decimal sum of its parts,
// whose decimal point is moved by `power10` digits. A number without a unit
// must be 0, or has the unit `bare`, a fixed one of seconds (null: none).
std::optional<double> ParsePrintedDuration(std::string_view text,
                                           const Unit* bare, int power10 = 0);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_PRINTED_DURATION_HPP_
