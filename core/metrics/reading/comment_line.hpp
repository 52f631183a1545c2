// The lines of an exposition that begin with "#": HELP, TYPE, UNIT, EOF, and
// comments, which say nothing.
//
// Only "#", blanks, one of these words, blanks and a name make more than a
// comment. OpenMetrics alone knows UNIT.
//
// Thread safety: pure functions of their arguments.
#ifndef COMMAND_EXPORTER_CORE_METRICS_READING_COMMENT_LINE_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_READING_COMMENT_LINE_HPP_

#include <string>
#include <string_view>

#include "core/metrics/reading/exposition_line.hpp"
#include "core/metrics/reading/exposition_types.hpp"
#include "core/metrics/reading/line_cursor.hpp"

namespace command_exporter {

// Fills kind, name and text. False with the cursor's error() when it is wrong.
// Requires: "#" is taken, and `line` is of kind kNothing.
bool ReadCommentLine(ExpositionFormat format, LineCursor& cursor,
                     ExpositionLine& line);

// HELP's text with its escapes resolved (OpenMetrics knows that of a quote as
// well); an unknown escape stays as it is.
std::string UnescapeHelp(std::string_view text, ExpositionFormat format);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_READING_COMMENT_LINE_HPP_
