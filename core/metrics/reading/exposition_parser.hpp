// The reader of the text format 0.0.4 and of OpenMetrics 1.0, as commands print
// them. What ends in `# EOF` is OpenMetrics.
//
// Tolerant in layout (CRLF, BOM, blanks, a missing final newline, `unknown`,
// any case of TYPE), strict in content: one bad line fails the whole output
// with its number, because half of a script's metrics under `up 1` would be a
// lie. A sample with a timestamp is dropped and counted: with the timestamp it
// would lose staleness, without it an old value would pass as of now. What the
// model cannot carry (exemplars, times of creation) is dropped and counted,
// too. Where it reads differently from others: docs/exposition-leniency.md.
// https://prometheus.io/docs/instrumenting/exposition_formats/
//
// Thread safety: pure function.
#ifndef COMMAND_EXPORTER_CORE_METRICS_READING_EXPOSITION_PARSER_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_READING_EXPOSITION_PARSER_HPP_

#include <cstddef>
#include <limits>
#include <string_view>

#include "core/base/reason.hpp"
#include "core/base/result.hpp"
#include "core/metrics/drops.hpp"
#include "core/metrics/families.hpp"

namespace command_exporter {

struct ParsedExposition {
  MetricFamilies families{};
  Drops drops{};
};

// Families without TYPE are untyped. Errors: kParse with "line N: ...",
// kDuplicate for a series that stands there twice, kOutputLimit for more than
// `most_lines`.
Result<ParsedExposition, Failure> ParseExposition(
    std::string_view text,
    std::size_t most_lines = std::numeric_limits<std::size_t>::max());

// How a run fails whose output has more than `most` lines.
Failure TooManyLines(std::size_t most);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_READING_EXPOSITION_PARSER_HPP_
