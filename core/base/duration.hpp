// Durations as an administrator writes them: "5s", "1m30s", "250ms", "0s".
//
// Units: ns us ms s m (or min) h d w, in falling order, each at most once,
// whole or with a decimal fraction ("1.5s"). A bare number is rejected, because
// it does not show whether seconds or milliseconds are meant. A sign is
// rejected too.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_BASE_DURATION_HPP_
#define COMMAND_EXPORTER_CORE_BASE_DURATION_HPP_

#include <string>
#include <string_view>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"

namespace command_exporter {

// Errors: the message says what is wrong and shows a correct example, without
// the position, which the caller knows.
Result<Duration> ParseDuration(std::string_view text);

// "5s", "1m30s", "250ms". ParseDuration reads it back as the same duration,
// except for a negative one, which has a sign.
std::string FormatDuration(Duration duration);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_DURATION_HPP_
