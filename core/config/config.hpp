// The configuration as plain structs with defaults: the result of the strict
// reader, before anything is built from it.
//
// Every field has the documented default, so that a struct made in a test is a
// legal configuration. Nothing here knows TOML; only load.cpp and its
// neighbours use toml++. Durations are std::chrono, patterns are compiled (the
// reader must reject a bad one at its position anyway).
//
// Thread safety: plain values; immutable once loaded.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_CONFIG_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_CONFIG_HPP_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/pattern.hpp"
#include "core/base/reason.hpp"
#include "core/base/units.hpp"

namespace command_exporter {

// A position in the files; 1-based. ToString: "file:line:column".
struct SourcePosition {
  std::string file{};
  std::uint32_t line{};
  std::uint32_t column{};

  // Where a thing is written is no part of it: definitions are equal wherever
  // they stand.
  bool operator==(const SourcePosition& /*other*/) const { return true; }
};

std::string ToString(const SourcePosition& position);

enum class MetricType : std::uint8_t { kCounter, kGauge, kUntyped };
enum class Aggregate : std::uint8_t {
  kNone,
  kCount,
  kSum,
  kMin,
  kMax,
  kFirst,
  kLast
};
enum class OnMissing : std::uint8_t { kFail, kSkip };

// One label of a metric: its value is the literal text with {field} tokens
// replaced by the row's fields. `labels = ["device"]` is {"device","{device}"}.
struct LabelTemplate {
  std::string name{};
  std::string text{};

  bool operator==(const LabelTemplate&) const = default;
};

// `where`: the row counts only if the whole of each named field matches.
// `where_not`: only if none does; an absent field does not.
struct RowCondition {
  std::string field{};
  Pattern pattern;

  bool operator==(const RowCondition&) const = default;
};

struct MetricConfig {
  SourcePosition position{};
  std::string name{};
  std::string help{};                // empty: `From collector "NAME".`
  std::optional<MetricType> type{};  // none: counter for *_total, else gauge
  // Fields that give the value; one sample each. Default: the field "value".
  std::vector<std::string> values{"value"};
  std::optional<double> constant{};  // `value = 1`: instead of `values`
  std::string value_label{};         // label that names the field, if several
  const Unit* unit{};                // unit of the output; null: unchanged
  const Unit* bare{};                // unit of numbers that print none
  std::string suffix{};              // may follow the number
  int base{10};                      // 2, 8, 10 or 16
  char grouping{};                   // of groups of three digits; NUL: none
  double scale{1};
  std::map<std::string, double> map{};  // text -> number, before parsing
  std::vector<LabelTemplate> labels{};
  std::vector<RowCondition> where{};
  // Texts that a field prints in place of a value: such a field is absent.
  std::vector<std::string> missing{};
  std::vector<RowCondition> where_not{};  // each leaves its rows out
  Aggregate aggregate{Aggregate::kNone};
  std::map<std::string, std::vector<std::string>> known{};
  OnMissing on_missing{OnMissing::kFail};
  std::optional<double> default_value{};
  std::optional<Pattern> pattern{};  // format "regex" only

  bool operator==(const MetricConfig&) const = default;
};

enum class Format : std::uint8_t {
  kNumber,
  kKeyValue,
  kRegex,
  kTable,
  kCsv,
  kJson,
  kExitCode,
  kNagios,
  kPrometheus
};

// One field of format "json": a jq program that runs on each item.
struct JsonField {
  SourcePosition position{};
  std::string name{};
  std::string program{};

  bool operator==(const JsonField&) const = default;
};

// What becomes of a row with fewer fields than names, if its positions do not
// show which are blank: the run fails, the row is left out and counted, or the
// fields are those of the first names.
enum class ShortRows : std::uint8_t { kFail, kSkip, kLeft };

struct FormatConfig {
  Format format{Format::kPrometheus};
  SourcePosition position{};
  // Line filters, all formats, applied in this order to the raw lines:
  // skip_lines drops the first n; a line is kept if keep_lines matches a part
  // of it, and dropped if drop_lines does.
  std::uint32_t skip_lines{};
  std::optional<Pattern> keep_lines{};
  std::optional<Pattern> drop_lines{};
  // key_value: empty separator means the first of '=', ':' or a blank.
  // table: empty separator means runs of blanks; csv: a comma.
  std::string separator{};
  bool record_per_line{};            // key_value: records = "line"
  std::optional<Pattern> pattern{};  // regex: pattern of the collector
  bool text_scope{};                 // regex: scope = "text"
  // key_value, regex, table: the output is cut before each line in which it
  // matches, and its groups are fields of all rows up to the next such line.
  std::optional<Pattern> record{};
  std::vector<std::string> columns{};  // table, csv
  bool header{true};                   // table, csv
  bool header_is_written{};            // not a default
  std::string trim{};  // table, csv: removed at both ends of a field
  ShortRows short_rows{ShortRows::kFail};  // table
  // table: a first field that is one of these characters is none. Not set: a
  // row that seems to begin with a mark fails.
  std::optional<std::string> marks{};
  // json: a jq program that gives the rows, and the fields of a row. Without
  // fields, each scalar member of an item is a field.
  std::string items{"."};
  SourcePosition items_position{};
  std::vector<JsonField> fields{};
  // Formats that name the metrics, when there are none: put before each name.
  std::string prefix{};

  bool operator==(const FormatConfig&) const = default;
};

// A table with this separator is aligned by blanks: at any blank if it is
// empty, else at so many or more.
constexpr bool IsAlignedBy(std::string_view separator) {
  return separator.empty() ||
         (separator.size() > 1 &&
          separator.find_first_not_of(' ') == std::string_view::npos);
}

struct ExitCodes {
  bool any{};
  std::vector<std::pair<int, int>> ranges{{0, 0}};  // inclusive
  bool written{};                                   // not a default
  // Of a pipe under pipefail. 141 counts as 0 if standard error is empty:
  // SIGPIPE has ended a part whose reader had enough.
  bool early_end{};
  // Also: 1 is a success if standard error is empty, as of grep without a
  // match.
  bool no_match{};

  bool operator==(const ExitCodes&) const = default;
};

// The resources that a run may use; an absent limit is the exporter's own.
struct LimitsConfig {
  SourcePosition position{};
  std::optional<Duration> cpu{};  // of each process; rounded up to seconds
  std::optional<std::uint64_t> memory{};     // bytes
  std::optional<std::uint32_t> files{};      // of each process
  std::optional<std::uint32_t> processes{};  // threads count too

  bool operator==(const LimitsConfig&) const = default;
};

// How the processes of a run are found: by session, or also by control group.
enum class Containment : std::uint8_t { kAuto, kSession, kCgroup };

// The run keys, which [exporter.defaults] may also set.
struct RunConfig {
  Duration timeout{std::chrono::seconds{5}};
  Duration grace{std::chrono::seconds{1}};
  // Empty: /bin/sh, and bash for a pipe (InterpreterOf in instances.hpp).
  std::vector<std::string> interpreter{};
  std::optional<std::string> stdin_text{};
  std::map<std::string, std::string> env{};
  std::vector<std::string> pass_env{};
  std::string cwd{};   // empty: "/"
  std::string user{};  // empty: the web side's user
  SourcePosition user_position{};
  std::optional<std::uint32_t> umask{};
  std::optional<int> nice{};
  LimitsConfig limits{};
  Containment containment{Containment::kAuto};
  SourcePosition containment_position{};
  std::uint64_t max_output{std::uint64_t{1} << 20U};
  ExitCodes success_exit_codes{};
  std::optional<bool> fail_on_stderr{};  // none: false

  bool operator==(const RunConfig&) const = default;
};

// What becomes of the last good samples of a scheduled collector when a run
// fails: they go, or they stay until they are too old.
enum class OnFailure : std::uint8_t { kDrop, kKeep };

// When a collector runs: at each scrape, or on a clock of its own.
struct ScheduleConfig {
  std::optional<Duration> every{};  // none: at each scrape
  Duration max_age{};               // of a result; without `every`: 0
  OnFailure on_failure{OnFailure::kDrop};
  // Replaces Config::min_interval. Only without `every`.
  std::optional<Duration> min_interval{};
  // `when`: the collector is off on a machine without this file; empty: none.
  std::string file{};
  SourcePosition file_position{};

  bool operator==(const ScheduleConfig&) const = default;
};

// One matrix axis: a name and its values, in the order of the file.
struct MatrixAxis {
  std::string name{};
  std::vector<std::string> values{};

  bool operator==(const MatrixAxis&) const = default;
};

// A value that may be chosen for each run; the default applies without a
// choice.
struct ParameterConfig {
  SourcePosition position{};
  std::string name{};
  // Exactly one of the two is set; the pattern must match the whole value.
  std::optional<Pattern> pattern{};
  std::vector<std::string> values{};
  std::string default_value{};

  bool operator==(const ParameterConfig&) const = default;
};

// A recorded run of a collector and what must come of it. --config.check tries
// it; the service has no use for it.
struct ExampleConfig {
  SourcePosition position{};
  std::string output{};
  std::string err{};
  int exit_code{};
  // One value for each axis of the collector, sorted by name.
  std::vector<std::pair<std::string, std::string>> matrix{};
  // Exactly one of the two is set.
  std::optional<std::string> expect{};
  // `expect_error`: why the run must fail, and what its message must hold, if
  // anything.
  std::optional<Failure> failure{};
  SourcePosition expect_position{};
  // The line of the file where the text of `expect` begins, if each line of the
  // text is one line of the file; else 0.
  std::uint32_t expect_line{};

  bool operator==(const ExampleConfig&) const = default;
};

struct CollectorConfig {
  SourcePosition position{};
  std::string name{};
  bool enabled{true};
  bool absent{};  // the file of `when` was not there at the load
  std::string description{};
  ScheduleConfig schedule{};
  // Exactly one of the two is set.
  std::vector<std::string> command{};
  std::string shell{};
  // `shell` is a pipe, which bash runs with pipefail (shell_pipe.hpp).
  bool pipe{};
  RunConfig run{};
  std::vector<MatrixAxis> matrix{};  // sorted by name
  std::vector<ParameterConfig> parameters{};
  FormatConfig format{};
  std::uint64_t max_samples{10000};
  std::vector<MetricConfig> metrics{};
  std::vector<ExampleConfig> examples{};

  // It runs on this machine.
  bool IsOn() const { return enabled && !absent; }

  bool operator==(const CollectorConfig&) const = default;
};

struct Config {
  Duration scrape_timeout{std::chrono::seconds{10}};
  // A scrape within this time after a run's end reuses that run's outcome, if
  // the collector has no time of its own.
  Duration min_interval{0};
  std::vector<CollectorConfig> collectors{};  // in configuration order
  // One line each, with its position: not an error, but logged.
  std::vector<std::string> warnings{};
  bool insecure{};  // as in ConfigText
  // The user of commands without `user`, for messages; empty: not known.
  std::string default_user{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_CONFIG_HPP_
