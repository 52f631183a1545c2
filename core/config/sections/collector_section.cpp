// [[collector]]: one command and how its output becomes metrics.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/text.hpp"
#include "core/config/sections/name_faults.hpp"
#include "core/config/sections/sections.hpp"
#include "core/config/shell_pipe.hpp"
#include "core/config/toml/table_reader.hpp"

namespace command_exporter {

namespace {

constexpr IntegerRange kSampleRange = {1, 10'000'000};

void ReadName(const TableReader& reader, CollectorConfig& collector) {
  if (auto name = reader.RequiredWord(
          "name",
          "name is missing: each collector needs one, such as "
          "name = \"free\"")) {
    if (!IsCollectorName(*name)) {
      reader.FailAt("name",
                    "a collector's name has small letters, digits and _, a "
                    "letter first, such as \"disk_usage\"");
    }
    collector.name = std::move(*name);
  }
}

// Warns of shell operators in a command that runs without a shell.
void WarnOfShellWords(const TableReader& reader,
                      const std::vector<std::string>& command) {
  constexpr std::array<std::string_view, 7> kOperators = {"|", "||", "&&", ";",
                                                          "<", ">",  ">>"};
  const SourcePosition& at = reader.PositionOf("command");
  if (command.size() == 1 && command.front().find(' ') != std::string::npos) {
    reader.Warn(at,
                "command has one element with blanks, which is used as the "
                "name of a program: write one element for each word, or use "
                "shell");
  }
  for (const std::string& word : command) {
    if (std::ranges::find(kOperators, word) != kOperators.end()) {
      reader.Warn(at,
                  Quote(word) +
                      " is passed to the program unchanged, because command "
                      "runs without a shell: use shell for a command line");
      return;
    }
  }
}

// "~", "~/x", "$HOME", "${HOME}/x": what a shell would expand. Programs have
// words of their own that begin with $ (`$NF > 3` of awk).
bool IsExpandedByShells(std::string_view word) {
  constexpr std::array<std::string_view, 3> kWords = {"~", "$HOME", "${HOME}"};
  return std::ranges::any_of(kWords, [word](std::string_view expanded) {
    return word == expanded || (word.starts_with(expanded) &&
                                word.substr(expanded.size()).starts_with('/'));
  });
}

void WarnOfProgramWords(const TableReader& reader,
                        const CollectorConfig& collector) {
  const bool is_shell = collector.command.empty();
  const char* const key = is_shell ? "interpreter" : "command";
  const std::vector<std::string>& words =
      is_shell ? collector.run.interpreter : collector.command;
  if (words.empty() || !reader.Has(key)) {
    return;
  }
  const std::string& program = words.front();
  for (const std::string& word : words) {
    if (IsExpandedByShells(word) ||
        (&word == &program && word.starts_with('$'))) {
      reader.Warn(reader.PositionOf(key),
                  Quote(word) +
                      " is not expanded, because no shell reads it: write the "
                      "whole path" +
                      (is_shell ? "" : ", or use shell"));
      return;
    }
  }
  if (program.find('/') != std::string::npos && !program.starts_with('/') &&
      !program.starts_with('~') && collector.run.cwd.empty()) {
    reader.Warn(reader.PositionOf(key),
                Quote(program) +
                    " is a relative path and begins in cwd, which is \"/\": "
                    "write the whole path, or set cwd");
  }
}

// Warns of a pipe that no rule for pipes can see.
void WarnOfHiddenPipe(const TableReader& reader,
                      const std::vector<std::string>& command) {
  constexpr std::array<std::string_view, 6> kShells = {
      "sh", "bash", "dash", "/bin/sh", "/bin/bash", "/bin/dash"};
  if (command.size() > 2 && command[1] == "-c" &&
      std::ranges::find(kShells, command[0]) != kShells.end() &&
      FindPipes(command[2]).has_pipe) {
    reader.Warn(reader.PositionOf("command"),
                "the failure of a pipe's first part is not seen here: write "
                "shell = \"...\" in the place of " +
                    Quote(command[0]) + " and -c");
  }
}

void ReadCommand(const TableReader& reader, CollectorConfig& collector) {
  const TomlNode* command = reader.Find("command");
  if (reader.table().Find("command") != nullptr &&
      reader.table().Find("shell") != nullptr) {
    reader.FailAt("shell", "command and shell are both set: keep one");
  }
  if (!reader.Has("command") && !reader.Has("shell")) {
    reader.Fail(reader.table().position,
                "command is missing: write command = [\"program\", "
                "\"argument\"], or shell = \"...\" for a command line");
  }
  if (command != nullptr && command->kind == TomlKind::kString) {
    reader.FailAt("command",
                  "command must be a list of strings, such as [\"free\", "
                  "\"-m\"]; for a command line use shell");
  } else if (auto words = reader.Arguments("command")) {
    WarnOfShellWords(reader, *words);
    WarnOfHiddenPipe(reader, *words);
    collector.command = std::move(*words);
  }
  Assign(reader.Word("shell"), collector.shell);
  if (reader.Has("interpreter") && !reader.Has("shell")) {
    reader.FailAt("interpreter",
                  "interpreter has an effect on shell only: remove it");
  }
}

// Keys of the collector that stand in one of the tables below it.
void SupposeStrays(const TomlNode& collector, TableReader& reader) {
  constexpr std::array<std::pair<std::string_view, KeyLevel>, 3> kBelow = {
      {{"metric", KeyLevel::kMetric},
       {"parameter", KeyLevel::kParameter},
       {"example", KeyLevel::kExample}}};
  for (const auto& [name, level] : kBelow) {
    const TomlNode* const list = collector.Find(name);
    if (list == nullptr) {
      continue;
    }
    for (const TomlNode& item : list->items) {
      for (const TomlEntry& entry : item.entries) {
        const auto guess = IsKnownKey(level, entry.key)
                               ? std::nullopt
                               : GuessKey(level, entry.key);
        if (guess && guess->home == KeyLevel::kCollector) {
          reader.Suppose(guess->key, &entry.value);
        }
      }
    }
  }
}

// Formats that read the exit status accept every status that they can read. Of
// a shell, 126 and 127 are no statuses of the program: it could not be run.
void UseOwnExitCodes(const ShellPipes& pipes, CollectorConfig& collector) {
  constexpr std::pair<int, int> kStates = {0, 3};
  ExitCodes& codes = collector.run.success_exit_codes;
  if (collector.format.format == Format::kExitCode) {
    codes = {.any = collector.shell.empty(), .ranges = {{0, 125}, {128, 255}}};
    codes.early_end = collector.pipe;
    if (collector.pipe) {
      // A grep behind it would hide the 127 of an earlier part.
      codes.ranges = {{0, 0}, {2, 125}, {128, 255}};
      codes.no_match = true;
    }
  } else if (collector.format.format == Format::kNagios) {
    codes = {.any = false, .ranges = {kStates}};
    codes.early_end = collector.pipe;
  } else if (collector.pipe && !codes.written) {
    codes.early_end = !pipes.ends_early;
    codes.no_match = !pipes.ends_early;
  }
}

// Of a table of this level, and of those in it if its name is misspelt.
void AddMisplaced(const TomlNode& table, KeyLevel level, MisplacedKeys& keys) {
  for (const TomlEntry& entry : table.entries) {
    const auto guess = IsKnownKey(level, entry.key)
                           ? std::nullopt
                           : GuessKey(level, entry.key);
    if (guess && guess->home == KeyLevel::kCollector) {
      keys.emplace_back(guess->key);
    } else if (guess && guess->home == KeyLevel::kRoot) {
      for (const TomlEntry& inner : entry.value.entries) {
        keys.push_back(inner.key);
      }
    }
  }
}

}  // namespace

MisplacedKeys FindMisplacedKeys(const TomlNode& root) {
  MisplacedKeys keys;
  AddMisplaced(root, KeyLevel::kRoot, keys);
  if (const TomlNode* const exporter = root.Find("exporter")) {
    AddMisplaced(*exporter, KeyLevel::kExporter, keys);
    if (const TomlNode* const defaults = exporter->Find("defaults")) {
      AddMisplaced(*defaults, KeyLevel::kDefaults, keys);
    }
  }
  return keys;
}

CollectorConfig ReadCollector(const TomlNode& table, const Config& config,
                              const RunConfig& defaults,
                              const MisplacedKeys& misplaced,
                              Problems& problems) {
  CollectorConfig collector;
  collector.position = table.position;
  collector.run = defaults;
  TableReader reader(table, NamedIn(table, "collector"), problems);
  reader.CheckKeys(KeyLevel::kCollector);
  SupposeStrays(table, reader);
  for (const std::string& key : misplaced) {
    reader.Suppose(key, nullptr);
  }
  ReadName(reader, collector);
  Assign(reader.Boolean("enabled"), collector.enabled);
  Assign(reader.Text("description"), collector.description);
  ReadCommand(reader, collector);
  ReadRunKeys(reader, KeyLevel::kCollector, collector.run);
  const ShellPipes pipes = collector.run.interpreter.empty()
                               ? FindPipes(collector.shell)
                               : ShellPipes{};
  collector.pipe = pipes.has_pipe && !pipes.tests_status;
  WarnOfProgramWords(reader, collector);
  ReadSchedule(reader, config, collector);
  ReadMatrix(reader, collector);
  ReadParameters(reader, collector);
  CheckPlaceholders(reader, collector);
  const bool format_known = ReadFormatKeys(reader, collector.format);
  Assign(reader.Integer("max_samples", kSampleRange), collector.max_samples);
  if (!reader.Has("success_exit_codes")) {
    UseOwnExitCodes(pipes, collector);
  }
  if (pipes.tests_status) {
    UsePlainShell(collector);
  }
  ReadMetrics(reader, format_known, collector);
  ReadExamples(reader, collector);
  return collector;
}

}  // namespace command_exporter
