// The signature common to all formats; each format has its own file.
//
// To add a format: write its file, add one line to the table in
// collectors/catalog.cpp, golden cases under tests/collectors/formats/golden
// and a section in docs/configuration.md; tests fail if one is missing.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_FORMAT_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_FORMAT_HPP_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "collectors/formats/rows.hpp"
#include "core/base/deadline.hpp"
#include "core/base/event_fd.hpp"
#include "core/base/reason.hpp"
#include "core/base/result.hpp"
#include "core/config/config.hpp"

namespace command_exporter {

class JqProcess;
class JqProgram;

inline constexpr std::size_t kLeastMaxRows = 100'000;
// A line of one byte becomes a row of about a hundred bytes.
inline constexpr std::size_t kLeastMaxLines = 1'000'000;

// The input of a format. `out` has passed the line filters.
struct FormatInput {
  std::string_view out{};
  int exit_code{};
  // The number of each line of `out` in the raw output; empty: no line was
  // removed.
  std::span<const std::uint32_t> raw_lines{};
  // The line of a row that stands for the whole output.
  std::size_t first_line{1};
  // A format whose rows are not limited by its output stops at this number.
  std::size_t max_rows{kLeastMaxRows};
  // The limit of lines, and of matches of a pattern.
  std::size_t max_lines{kLeastMaxLines};
  // A format that may run without end stops after this time, if it can.
  Duration time_limit{std::chrono::seconds{5}};
  // Or when this is raised. Null: never.
  const EventFd* stop{};
  // Compiled from `items` and `fields`. Null for other formats than json.
  const JqProgram* jq{};
};

using ParseFunction = Result<Rows, Failure> (*)(const FormatInput& input,
                                                const FormatConfig& config);

Result<Rows, Failure> ParseNumberFormat(const FormatInput& input,
                                        const FormatConfig& config);
Result<Rows, Failure> ParseKeyValue(const FormatInput& input,
                                    const FormatConfig& config);
Result<Rows, Failure> ParseTable(const FormatInput& input,
                                 const FormatConfig& config);
Result<Rows, Failure> ParseCsv(const FormatInput& input,
                               const FormatConfig& config);
Result<Rows, Failure> ParseJson(const FormatInput& input,
                                const FormatConfig& config);
// Compiles `items` and `fields`. While such a program exists, the next one with
// the same texts costs nothing. Null for other formats than json. `jq` must
// outlive the program.
std::shared_ptr<const JqProgram> MakeJqProgram(JqProcess& jq,
                                               const FormatConfig& config);
Result<Rows, Failure> ParseExitCode(const FormatInput& input,
                                    const FormatConfig& config);
Result<Rows, Failure> ParseNagios(const FormatInput& input,
                                  const FormatConfig& config);
// Rows of the collector's own pattern; none without one.
Result<Rows, Failure> ParseRegex(const FormatInput& input,
                                 const FormatConfig& config);
// Rows of one metric's pattern.
Result<Rows, Failure> ParsePattern(const FormatInput& input,
                                   const Pattern& pattern, bool text_scope);
// kSampleLimit, for a pattern.
Failure TooManyMatches(std::size_t most);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_FORMAT_HPP_
