#include "core/config/toml/known_keys.hpp"

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
    "interpreter",   "timeout",
    "grace",         "stdin",
    "env",           "pass_env",
    "cwd",           "user",
    "umask",         "nice",
    "limits",        "containment",
    "max_output",    "success_exit_codes",
    "fail_on_stderr"};

constexpr std::array<std::string_view, 5> kStartKeys = {
    "name", "enabled", "description", "command", "shell"};

constexpr std::array<std::string_view, 5> kScheduleKeys = {
    "every", "max_age", "on_failure", "min_interval", "when"};

constexpr std::array<std::string_view, 32> kOutputKeys = {
    "matrix",      "parameter", "format",   "skip_lines", "keep_lines",
    "drop_lines",  "separator", "records",  "pattern",    "scope",
    "columns",     "header",    "trim",     "items",      "fields",
    "max_samples", "unit",      "labels",   "where",      "type",
    "on_missing",  "metric",    "example",  "record",     "missing",
    "bare",        "base",      "grouping", "where_not",  "prefix",
    "short_rows",  "marks"};

template <std::size_t... kSizes>
constexpr auto Joined(const std::array<std::string_view, kSizes>&... lists) {
  std::array<std::string_view, (kSizes + ...)> all{};
  auto* end = all.begin();
  ((end = std::copy(lists.begin(), lists.end(), end)), ...);
  return all;
}

constexpr auto kCollectorKeys =
    Joined(kStartKeys, kScheduleKeys, kRunKeys, kOutputKeys);

constexpr std::array<std::string_view, 21> kMetricKeys = {
    "name",       "type",      "help",    "value", "value_label", "unit",
    "scale",      "map",       "labels",  "where", "aggregate",   "known",
    "on_missing", "default",   "pattern", "bare",  "base",        "grouping",
    "suffix",     "where_not", "missing"};

constexpr std::array<std::string_view, 4> kParameterKeys = {
    "name", "pattern", "values", "default"};

constexpr std::array<std::string_view, 6> kExampleKeys = {
    "output", "stderr", "exit_code", "matrix", "expect", "expect_error"};

struct Level {
  std::string_view header{};
  Keys keys{};
  // Where a misplaced key may belong, the likeliest first.
  std::span<const KeyLevel> others{};
};

const Level& LevelOf(KeyLevel level) {
  using enum KeyLevel;
  static constexpr std::array<KeyLevel, 3> kFromRoot = {kExporter, kCollector,
                                                        kMetric};
  static constexpr std::array<KeyLevel, 3> kFromExporter = {
      kDefaults, kCollector, kMetric};
  static constexpr std::array<KeyLevel, 3> kFromDefaults = {
      kExporter, kCollector, kMetric};
  static constexpr std::array<KeyLevel, 4> kFromCollector = {
      kMetric, kExporter, kParameter, kExample};
  static constexpr std::array<KeyLevel, 3> kFromMetric = {kCollector, kExample,
                                                          kExporter};
  static constexpr std::array<KeyLevel, 1> kFromParameter = {kCollector};
  static constexpr std::array<KeyLevel, 2> kFromExample = {kCollector, kMetric};
  static constexpr std::array<Level, 7> kLevels = {{
      {"the top of a file", kRootKeys, kFromRoot},
      {"[exporter]", kExporterKeys, kFromExporter},
      {"[exporter.defaults]", kRunKeys, kFromDefaults},
      {"[[collector]]", kCollectorKeys, kFromCollector},
      {"[[collector.metric]]", kMetricKeys, kFromMetric},
      {"[[collector.parameter]]", kParameterKeys, kFromParameter},
      {"[[collector.example]]", kExampleKeys, kFromExample},
  }};
  return kLevels[static_cast<std::size_t>(level)];
}

// "[[collector]]", "[exporter.defaults]", ...
std::string HeaderOf(KeyLevel level) {
  return std::string(LevelOf(level).header);
}

// What to do with `key`, known on `home`, that was met on `unknown.level`.
std::string Advice(const UnknownKey& unknown, KeyLevel home) {
  const KeyLevel here = unknown.level;
  const bool below = here == KeyLevel::kMetric ||
                     here == KeyLevel::kParameter || here == KeyLevel::kExample;
  if (below && home == KeyLevel::kCollector) {
    const std::string of = unknown.collector.empty()
                               ? std::string("its collector")
                               : Quote(unknown.collector);
    return unknown.in_braces
               ? "move it out of the braces, to the keys of " + of
               : "move it above the first " + HeaderOf(here) + " of " + of;
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
  constexpr std::array<std::string_view, 3> kLists = {"metric", "parameter",
                                                      "example"};
  if (here == KeyLevel::kRoot &&
      std::ranges::find(kLists, unknown.key) != kLists.end()) {
    return "write [[collector." + std::string(unknown.key) + "]]";
  }
  if (here == KeyLevel::kRoot && unknown.key == "defaults") {
    return "write [exporter.defaults]";
  }
  return "move it below the line " + HeaderOf(home);
}

// Advice for common wrong names of example keys; empty: none.
std::string_view ExampleHint(std::string_view key) {
  return key == "name" || key == "description"
             ? "an example is identified by its line: write a comment"
             : "";
}

}  // namespace

Keys KnownKeys(KeyLevel level) {
  return LevelOf(level).keys;
}

bool IsKnownKey(KeyLevel level, std::string_view key) {
  const Keys keys = KnownKeys(level);
  return std::ranges::find(keys, key) != keys.end();
}

std::optional<KeyGuess> GuessKey(KeyLevel level, std::string_view key) {
  for (const KeyLevel home : LevelOf(level).others) {
    if (IsKnownKey(home, key)) {
      return KeyGuess{home, key};
    }
  }
  const bool is_output = level == KeyLevel::kExample && key == "stdout";
  const std::string_view nearest =
      is_output ? "output" : Nearest(key, KnownKeys(level));
  return nearest.empty() ? std::nullopt
                         : std::optional(KeyGuess{level, nearest});
}

std::string ExplainUnknownKey(const UnknownKey& unknown) {
  std::string message =
      HeaderOf(unknown.level) + " has no key " + Quote(unknown.key) + "; ";
  if (unknown.level == KeyLevel::kExample &&
      !ExampleHint(unknown.key).empty()) {
    return message.append(ExampleHint(unknown.key));
  }
  const std::optional<KeyGuess> guess = GuessKey(unknown.level, unknown.key);
  if (!guess) {
    return message + "remove it (docs/configuration.md lists the keys)";
  }
  if (guess->home == unknown.level) {
    return message + "did you mean " + Quote(guess->key) + "?";
  }
  return message + "it belongs to " + HeaderOf(guess->home) + ": " +
         Advice(unknown, guess->home);
}

}  // namespace command_exporter
