// The signature that all formats share; one file a format.
//
// To add one: write its file, add one line to the table in
// collectors/catalog.cpp, golden cases under tests/collectors/formats/golden
// and a section in docs/configuration.md; tests fail if one is missing.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_FORMAT_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_FORMAT_HPP_

#include <string_view>

#include "collectors/formats/rows.hpp"
#include "core/base/reason.hpp"
#include "core/base/result.hpp"
#include "core/config/config.hpp"

namespace command_exporter {

// What a format sees of a run. `out` has passed the line filters.
struct FormatInput {
  std::string_view out{};
  int exit_code{};
};

using ParseFunction = Result<Rows, Failure> (*)(const FormatInput& input,
                                                const FormatConfig& config);

Result<Rows, Failure> ParseNumberFormat(const FormatInput& input,
                                        const FormatConfig& config);
Result<Rows, Failure> ParseKeyValue(const FormatInput& input,
                                    const FormatConfig& config);
Result<Rows, Failure> ParseTable(const FormatInput& input,
                                 const FormatConfig& config);
// Rows of one pattern; `regex` metrics with a pattern of their own call it
// once a metric.
Result<Rows, Failure> ParseRegex(const FormatInput& input,
                                 const FormatConfig& config);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_FORMAT_HPP_
