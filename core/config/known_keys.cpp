#include "core/config/known_keys.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/base/text.hpp"

namespace command_exporter {

namespace {

using Keys = std::span<const std::string_view>;

constexpr std::array<std::string_view, 2> kRootKeys = {"exporter", "collector"};

constexpr std::array<std::string_view, 5> kExporterKeys = {
    "timeout", "scrape_timeout", "min_interval", "include", "defaults"};

constexpr std::array<std::string_view, 15> kRunKeys = {
    "timeout",       "grace",
    "interpreter",   "stdin",
    "env",           "pass_env",
    "cwd",           "user",
    "umask",         "nice",
    "limits",        "containment",
    "max_output",    "success_exit_codes",
    "fail_on_stderr"};

constexpr std::array<std::string_view, 42> kCollectorKeys = {
    "name",
    "enabled",
    "description",
    "command",
    "shell",
    "interpreter",
    "timeout",
    "grace",
    "stdin",
    "env",
    "pass_env",
    "cwd",
    "user",
    "umask",
    "nice",
    "limits",
    "containment",
    "max_output",
    "success_exit_codes",
    "fail_on_stderr",
    "matrix",
    "parameter",
    "format",
    "skip_lines",
    "keep_lines",
    "drop_lines",
    "separator",
    "records",
    "pattern",
    "scope",
    "columns",
    "header",
    "trim",
    "items",
    "fields",
    "max_samples",
    "unit",
    "labels",
    "where",
    "type",
    "on_missing",
    "metric"};

constexpr std::array<std::string_view, 15> kMetricKeys = {
    "name",      "type",  "help",       "value",   "value_label",
    "unit",      "scale", "map",        "labels",  "where",
    "aggregate", "known", "on_missing", "default", "pattern"};

constexpr std::array<std::string_view, 4> kParameterKeys = {
    "name", "pattern", "values", "default"};

// What to do with `key`, known on `home`, that was met on `unknown.level`.
std::string Advice(const UnknownKey& unknown, KeyLevel home) {
  const KeyLevel here = unknown.level;
  const bool below = here == KeyLevel::kMetric || here == KeyLevel::kParameter;
  if (below && home == KeyLevel::kCollector) {
    const std::string of = unknown.collector.empty()
                               ? std::string("its collector")
                               : Quote(unknown.collector);
    return unknown.in_braces ? "move it out of the braces, to the keys of " + of
                             : "move it above the first " +
                                   std::string(HeaderOf(here)) + " of " + of;
  }
  if (here == KeyLevel::kCollector && home == KeyLevel::kMetric) {
    return "move it below a [[collector.metric]], or into the braces of "
           "metric = [{ ... }]";
  }
  if (here == KeyLevel::kDefaults) {
    return home == KeyLevel::kExporter
               ? "move it above [exporter.defaults]"
               : "only the keys of running a command have defaults";
  }
  if (here == KeyLevel::kRoot && unknown.key == "metric") {
    return "write [[collector.metric]]";
  }
  if (here == KeyLevel::kRoot && unknown.key == "parameter") {
    return "write [[collector.parameter]]";
  }
  if (here == KeyLevel::kRoot && unknown.key == "defaults") {
    return "write [exporter.defaults]";
  }
  return "move it below the line " + std::string(HeaderOf(home));
}

// The levels where a misplaced key may belong, the likeliest first.
std::span<const KeyLevel> OtherLevels(KeyLevel level) {
  using enum KeyLevel;
  static constexpr std::array<KeyLevel, 3> kFromRoot = {kExporter, kCollector,
                                                        kMetric};
  static constexpr std::array<KeyLevel, 3> kFromExporter = {
      kDefaults, kCollector, kMetric};
  static constexpr std::array<KeyLevel, 3> kFromDefaults = {
      kExporter, kCollector, kMetric};
  static constexpr std::array<KeyLevel, 3> kFromCollector = {kMetric, kExporter,
                                                             kParameter};
  static constexpr std::array<KeyLevel, 2> kFromMetric = {kCollector,
                                                          kExporter};
  static constexpr std::array<KeyLevel, 1> kFromParameter = {kCollector};
  switch (level) {
    case kRoot:
      return kFromRoot;
    case kExporter:
      return kFromExporter;
    case kDefaults:
      return kFromDefaults;
    case kCollector:
      return kFromCollector;
    case kParameter:
      return kFromParameter;
    case kMetric:
      break;
  }
  return kFromMetric;
}

}  // namespace

Keys KnownKeys(KeyLevel level) {
  switch (level) {
    case KeyLevel::kRoot:
      return kRootKeys;
    case KeyLevel::kExporter:
      return kExporterKeys;
    case KeyLevel::kDefaults:
      return kRunKeys;
    case KeyLevel::kCollector:
      return kCollectorKeys;
    case KeyLevel::kParameter:
      return kParameterKeys;
    case KeyLevel::kMetric:
      break;
  }
  return kMetricKeys;
}

bool IsKnownKey(KeyLevel level, std::string_view key) {
  const Keys keys = KnownKeys(level);
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

std::string_view HeaderOf(KeyLevel level) {
  constexpr std::array<std::string_view, 6> kHeaders = {
      "the top of a file", "[exporter]",           "[exporter.defaults]",
      "[[collector]]",     "[[collector.metric]]", "[[collector.parameter]]"};
  return kHeaders[static_cast<std::size_t>(level)];
}

std::string ExplainUnknownKey(const UnknownKey& unknown) {
  std::string message = std::string(HeaderOf(unknown.level)) + " has no key " +
                        Quote(unknown.key) + "; ";
  for (const KeyLevel home : OtherLevels(unknown.level)) {
    if (IsKnownKey(home, unknown.key)) {
      return message + "it belongs to " + std::string(HeaderOf(home)) + ": " +
             Advice(unknown, home);
    }
  }
  const std::string_view nearest =
      Nearest(unknown.key, KnownKeys(unknown.level));
  if (!nearest.empty()) {
    return message + "did you mean " + Quote(nearest) + "?";
  }
  return message + "remove it (docs/configuration.md lists the keys)";
}

}  // namespace command_exporter
