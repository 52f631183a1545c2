// The tables of a configuration, as they are read: one .cpp a table, and one
// for each check that spans several keys. What each refuses, and why, is said
// there.
//
// Thread safety: pure but for Problems.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_SECTIONS_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_SECTIONS_HPP_

#include <array>
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

// Sets what `config` holds for all collectors, and `defaults`. `root` is the
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

// `defaults` is what [exporter] says; `config` is read for scrape_timeout.
// Requires: `table` is a table.
CollectorConfig ReadCollector(const TomlNode& table, const Config& config,
                              const RunConfig& defaults, Problems& problems);

// The run keys: run_section.cpp

// Longer ones are mistakes of a unit, and stay far from a clock's overflow.
inline constexpr DurationRange kTimeoutRange = {std::chrono::milliseconds{1},
                                                std::chrono::hours{24}};

// Overwrites what the table sets; `env` is merged. `level` is kDefaults or
// kCollector.
void ReadRunKeys(const TableReader& reader, KeyLevel level, RunConfig& run);

// `limits` and `containment`: limits_section.cpp

// A `limits` replaces the whole of an earlier one. `level` is kDefaults or
// kCollector.
void ReadLimitKeys(const TableReader& reader, KeyLevel level, RunConfig& run);

// `matrix`: matrix_section.cpp

// Reads `matrix` into `collector.matrix`.
void ReadMatrix(const TableReader& reader, CollectorConfig& collector);

// The text of one value, which may be a number or a boolean; `what` is the name
// of its axis, for messages.
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

// False when `format` is not one of FormatNames(): then nothing can be said of
// keys that depend on it.
bool ReadFormatKeys(const TableReader& reader, FormatConfig& format);

// A key of another format: `pattern belongs to format "regex", ...`.
std::string UnfitKey(std::string_view key, Format format);

// The fields that rows will have, where the configuration or the format says
// so: all but key_value, tables with a header and json without `fields`.
std::optional<std::vector<std::string>> KnownFields(const FormatConfig& format,
                                                    const MetricConfig& metric);

// What is wrong with a pattern's groups; empty: nothing.
std::string GroupFault(const Pattern& pattern);

// [[collector.metric]]: metric_section.cpp

// Reads the metrics of a collector, with its own unit, labels, where, type and
// on_missing as their defaults. `format_known` is what ReadFormatKeys said.
// Requires: format and matrix are read.
void ReadMetrics(const TableReader& reader, bool format_known,
                 CollectorConfig& collector);

// The keys of one metric: metric_keys.cpp

// The keys that a collector may set as the default of its metrics.
inline constexpr std::array<std::string_view, 5> kSharedMetricKeys = {
    "unit", "labels", "where", "type", "on_missing"};

// Those keys; `level` is kCollector or kMetric. What is set is replaced whole.
void ReadSharedMetricKeys(const TableReader& reader, KeyLevel level,
                          MetricConfig& metric);

// All the others but `name` and `pattern`.
void ReadOwnMetricKeys(const TableReader& reader, MetricConfig& metric);

// How they fit together: metric_checks.cpp

// counter for *_total, else gauge, unless the metric says it.
MetricType EffectiveType(const MetricConfig& metric);
std::string_view NameOf(MetricType type);

// Requires: all keys of `metric` are read.
void CheckMetric(const TableReader& reader, const CollectorConfig& collector,
                 const MetricConfig& metric);

// `value`, labels and `where` may only name fields that the format gives.
void CheckFields(const TableReader& reader, const CollectorConfig& collector,
                 const MetricConfig& metric);

// The metrics of a collector of format "nagios" that names none:
// nagios_metrics.cpp

std::vector<MetricConfig> NagiosMetrics(const CollectorConfig& collector);

// Whether some of these metrics have the label.
bool IsNagiosLabel(std::string_view name);

// [[collector.example]]: example_section.cpp

// Requires: the matrix of `collector` has been read.
void ReadExamples(const TableReader& reader, CollectorConfig& collector);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_SECTIONS_HPP_
