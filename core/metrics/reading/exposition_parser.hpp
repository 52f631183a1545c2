// Parses the text format 0.0.4 and OpenMetrics 1.0 from the output of commands.
// A text that ends in `# EOF` is OpenMetrics.
//
// The parser is tolerant in layout (CRLF, BOM, blanks, a missing final newline,
// `unknown`, any case of TYPE) and strict in content: one bad line fails the
// whole output with its number, because half of a script's metrics together
// with `up 1` would be false. A sample with a timestamp is dropped and counted:
// with the timestamp it would lose staleness, without it an old value would
// appear to be current. What the model cannot represent (exemplars, creation
// times) is dropped and counted, too. docs/exposition-leniency.md lists the
// differences from other parsers.
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
// kDuplicate for a duplicate series, kOutputLimit for more than `most_lines`.
Result<ParsedExposition, Failure> ParseExposition(
    std::string_view text,
    std::size_t most_lines = std::numeric_limits<std::size_t>::max());

// The failure of a run whose output has more than `most` lines.
Failure TooManyLines(std::size_t most);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_READING_EXPOSITION_PARSER_HPP_
