// The readers of the tables of a configuration: one .cpp for each table and for
// each check over several keys. Each .cpp says what it rejects, and why.
//
// Thread safety: pure but for Problems.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_SECTIONS_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_SECTIONS_HPP_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.hpp"
#include "core/config/problems.hpp"
#include "core/config/toml/table_reader.hpp"
#include "core/config/toml/toml_tree.hpp"

namespace command_exporter {

// [exporter]: exporter_section.cpp

// Sets the fields of `config` for all collectors, and `defaults`. `root` is the
// main file.
void ReadExporterSection(const TomlNode& root, Config& config,
                         RunConfig& defaults, Problems& problems);

struct IncludeEntry {
  SourcePosition position{};
  std::string text{};
};

// The elements of `include` in the main file.
std::vector<IncludeEntry> ReadIncludeEntries(const TomlNode& root,
                                             Problems& problems);

// [[collector]]: collector_section.cpp

// Keys of a collector that stand outside of all collectors of the file, where
// they are reported. Nobody knows whose they are, so no collector lacks them.
using MisplacedKeys = std::vector<std::string>;
MisplacedKeys FindMisplacedKeys(const TomlNode& root);

// `defaults` come from [exporter]; `config` is read for scrape_timeout.
// Requires: `table` is a table.
CollectorConfig ReadCollector(const TomlNode& table, const Config& config,
                              const RunConfig& defaults,
                              const MisplacedKeys& misplaced,
                              Problems& problems);

// The run keys: run_section.cpp

// A longer one is a wrong unit; the limit also keeps clocks from overflow.
inline constexpr DurationRange kTimeoutRange = {std::chrono::milliseconds{1},
                                                std::chrono::hours{24}};

// Overwrites the keys set in the table; `env` is merged. `level` is kDefaults
// or kCollector.
void ReadRunKeys(const TableReader& reader, KeyLevel level, RunConfig& run);

// When it runs: schedule_section.cpp

inline constexpr DurationRange kIntervalRange = {Duration{0},
                                                 std::chrono::hours{24}};

// Reads `every` and its neighbours. Requires: run is read. `config` is read for
// scrape_timeout.
void ReadSchedule(const TableReader& reader, const Config& config,
                  CollectorConfig& collector);

// A size in bytes: size_text.cpp

struct SizeRange {
  std::uint64_t least{};
  std::uint64_t most{};      // below 2^53
  std::string_view words{};  // `from "1B" to "1GiB", such as "64KiB"`
};

std::optional<std::uint64_t> ReadSize(const TableReader& reader,
                                      std::string_view key, SizeRange range);

// `limits` and `containment`: limits_section.cpp

// A `limits` replaces an earlier one completely. `level` is kDefaults or
// kCollector.
void ReadLimitKeys(const TableReader& reader, KeyLevel level, RunConfig& run);

// `matrix`: matrix_section.cpp

// Reads `matrix` into `collector.matrix`.
void ReadMatrix(const TableReader& reader, CollectorConfig& collector);

// The text of one value, which may be a number or a boolean; `what` names its
// axis in messages.
std::optional<std::string> MatrixValueOf(const TableReader& reader,
                                         const TomlNode& node,
                                         const std::string& what);

// [[collector.parameter]]: parameter_section.cpp

// Reads into `collector.parameters`. Requires: matrix and run are read.
void ReadParameters(const TableReader& reader, CollectorConfig& collector);

// {name} in commands: placeholder_checks.cpp

// Requires: command, shell, run, matrix and parameters are read.
void CheckPlaceholders(const TableReader& reader,
                       const CollectorConfig& collector);

// The format keys: format_section.cpp

// In the order of the enum Format.
std::span<const std::string_view> FormatNames();
std::string_view NameOf(Format format);

// False when `format` is not one of FormatNames(): keys that depend on the
// format are then not checked.
bool ReadFormatKeys(const TableReader& reader, FormatConfig& format);

// A key of another format: `pattern belongs to format "regex", ...`.
std::string UnfitKey(std::string_view key, Format format);

// The fields of a row, if the configuration or the format defines them: all
// formats but key_value, tables with a header and json without `fields`.
std::optional<std::vector<std::string>> KnownFields(const FormatConfig& format,
                                                    const MetricConfig& metric);

// What is wrong with the groups of the key `pattern`; empty: nothing.
std::string GroupFault(const Pattern& pattern);
// A field that no configuration may name; empty: it is allowed.
std::string BuiltInFault(std::string_view field);

// The keys of rows in columns: table_section.cpp

void ReadTableKeys(const TableReader& reader, FormatConfig& format);

// `record`: record_section.cpp

// Requires: the other format keys are read.
void ReadRecord(const TableReader& reader, FormatConfig& format);

// A group of `record` with the name of a group of `pattern`; empty: none.
std::string SharedGroup(const Pattern& record, const Pattern& pattern);

// `missing`: missing_section.cpp

// Reads `missing` of a collector or of a metric, which replaces it.
void ReadMissing(const TableReader& reader, KeyLevel level,
                 MetricConfig& metric);

// Requires: all other keys of `metric` are read.
void CheckMissing(const TableReader& reader, const MetricConfig& metric);

// [[collector.metric]]: metric_section.cpp

// Reads the metrics of a collector, with its unit, labels, where, type and
// on_missing as their defaults. `format_known` is the result of ReadFormatKeys.
// Requires: format and matrix are read.
void ReadMetrics(const TableReader& reader, bool format_known,
                 CollectorConfig& collector);

// The keys of one metric: metric_keys.cpp

// The keys that a collector may set as the default of its metrics.
inline constexpr std::array<std::string_view, 10> kSharedMetricKeys = {
    "unit",  "bare",      "base", "grouping",   "labels",
    "where", "where_not", "type", "on_missing", "missing"};

// Reads those keys; `level` is kCollector or kMetric. A key replaces the whole
// earlier value.
void ReadSharedMetricKeys(const TableReader& reader, KeyLevel level,
                          MetricConfig& metric);

// Reads all others except `name` and `pattern`.
void ReadOwnMetricKeys(const TableReader& reader, MetricConfig& metric);

// How numbers are printed: number_keys.cpp

// Reads those of the shared keys.
void ReadNumberKeys(const TableReader& reader, MetricConfig& metric);

// Reports keys of the table that do not fit each other, or those that `metric`
// has from its collector.
void CheckNumberKeys(const TableReader& reader, const MetricConfig& metric);

// How the keys fit together: metric_checks.cpp

// counter for *_total, else gauge, unless the metric sets it.
MetricType EffectiveType(const MetricConfig& metric);

// In the order of the enumeration.
inline constexpr std::array<std::string_view, 3> kTypeNames = {
    "counter", "gauge", "untyped"};
std::string_view NameOf(MetricType type);

// Requires: all keys of `metric` are read.
void CheckMetric(const TableReader& reader, const CollectorConfig& collector,
                 const MetricConfig& metric);

// `value`, labels and `where` may only name fields of the format.
void CheckFields(const TableReader& reader, const CollectorConfig& collector,
                 const MetricConfig& metric);

// The metrics of a collector of format "nagios" that defines none:
// nagios_metrics.cpp

std::vector<MetricConfig> NagiosMetrics(const CollectorConfig& collector);

// Whether any of these metrics has the label.
bool IsNagiosLabel(std::string_view name);

// [[collector.example]]: example_section.cpp

// Requires: the matrix of `collector` has been read.
void ReadExamples(const TableReader& reader, CollectorConfig& collector);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_SECTIONS_HPP_
