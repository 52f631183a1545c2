#include "core/config/load.hpp"

#include <optional>
#include <utility>

#include "core/config/cross_checks.hpp"
#include "core/config/files/file_reader.hpp"
#include "core/config/files/file_trust.hpp"
#include "core/config/files/include.hpp"
#include "core/config/sections/sections.hpp"
#include "core/config/toml/known_keys.hpp"
#include "core/config/toml/table_reader.hpp"
#include "core/config/toml/toml_tree.hpp"

namespace command_exporter {

namespace {

constexpr const char* kInclude = "[exporter]: include: ";

std::vector<std::string> PathsOf(const ConfigText& text) {
  std::vector<std::string> paths;
  for (const ConfigFile& file : text.files) {
    paths.push_back(file.path);
  }
  return paths;
}

// Checks the top level of a file: the names of its tables, and the number of
// brackets around each.
void CheckRoot(const TomlNode& root, bool is_main, Problems& problems) {
  for (const TomlEntry& entry : root.entries) {
    const TomlKind kind = entry.value.kind;
    if (entry.key == "collector") {
      if (kind != TomlKind::kList) {
        problems.Error(entry.position,
                       "each collector begins with [[collector]], with two "
                       "pairs of brackets, above its [[collector.metric]]");
      }
    } else if (entry.key != "exporter") {
      problems.Error(entry.position,
                     ExplainUnknownKey({KeyLevel::kRoot, entry.key}));
    } else if (!is_main) {
      problems.Error(entry.position,
                     "an included file may hold [[collector]] only: move "
                     "[exporter] to the main file");
    } else if (kind != TomlKind::kTable) {
      problems.Error(entry.position,
                     "[exporter] is one table, with one pair of brackets");
    }
  }
}

void ReadCollectors(const TomlNode& root, const RunConfig& defaults,
                    Config& config, Problems& problems) {
  const TomlNode* const list = root.Find("collector");
  if (list == nullptr) {
    return;
  }
  for (const TomlNode& item : list->items) {
    if (item.kind == TomlKind::kTable) {
      config.collectors.push_back(
          ReadCollector(item, config, defaults, problems));
    } else {
      problems.Error(item.position, "a collector must be a table, not " +
                                        Describe(item.kind) +
                                        ": begin it with [[collector]]");
    }
  }
}

std::optional<TomlNode> ParseFile(const ConfigFile& file, Problems& problems) {
  auto tree = ParseToml(file.text, file.path);
  if (!tree) {
    problems.Error(tree.error().position, tree.error().message);
    return std::nullopt;
  }
  return std::move(*tree);
}

Config ReadAll(const ConfigText& text, const ConfigChecks& checks,
               Problems& problems) {
  Config config;
  RunConfig defaults;
  for (const ConfigFile& file : text.files) {
    const bool is_main = &file == &text.files.front();
    const auto root = ParseFile(file, problems);
    if (!root) {
      continue;
    }
    CheckRoot(*root, is_main, problems);
    if (is_main) {
      ReadExporterSection(*root, config, defaults, problems);
    }
    ReadCollectors(*root, defaults, config, problems);
  }
  CheckAcross(config.collectors, problems);
  if (checks) {
    checks(config.collectors, problems);
  }
  return config;
}

// `checked` is the result of CheckFile, which did not reject the file.
Result<std::string> ReadChecked(const std::string& path,
                                const Result<bool>& checked) {
  return checked ? ReadConfigFile(path) : checked.error();
}

// Reads the included files behind the main one. `found` gets the problems of
// `include`; ReadAll reports the other problems of the main file.
void ReadIncluded(ConfigText& text, FileTrust& trust, Problems& found) {
  Problems ignored({});
  const ConfigFile main_file = text.files.front();
  const auto root = ParseFile(main_file, ignored);
  if (!root) {
    return;
  }
  const auto entries = ReadIncludeEntries(*root, found);
  for (const IncludedPath& folder : IncludedFolders(main_file.path, entries)) {
    trust.CheckFolder(folder.path, folder.position, kInclude);
  }
  for (const IncludedPath& included :
       ExpandIncludes(main_file.path, entries, found)) {
    const auto checked =
        trust.CheckFile(included.path, included.position, kInclude);
    if (checked && !*checked) {
      continue;
    }
    auto file = ReadChecked(included.path, checked);
    if (!file) {
      found.Error(included.position,
                  kInclude + included.path + ": " + file.error().message);
      continue;
    }
    text.files.push_back({included.path, *std::move(file)});
  }
}

}  // namespace

Result<ConfigText, ConfigErrors> ReadConfig(const std::string& path,
                                            PathTrust trust,
                                            const ConfigChecks& checks) {
  Problems problems({path});
  FileTrust files(trust, problems);
  const auto checked = files.CheckFile(path, {path, 1, 1}, "");
  if (checked && !*checked) {
    return ConfigErrors{problems.Errors()};
  }
  auto main_file = ReadChecked(path, checked);
  if (!main_file) {
    return ConfigErrors{{path + ": " + main_file.error().message}};
  }
  ConfigText text;
  text.files.push_back({path, *std::move(main_file)});
  ReadIncluded(text, files, problems);
  text.insecure = files.insecure();
  text.warnings = problems.Warnings();
  if (!problems.HasErrors()) {
    return text;
  }
  // Adds the errors of the readable files, so that all errors come at once.
  problems.SetFiles(PathsOf(text));
  ReadAll(text, checks, problems);
  return ConfigErrors{problems.Errors()};
}

Result<Config, ConfigErrors> ParseConfig(const ConfigText& text,
                                         const ConfigChecks& checks) {
  Problems problems(PathsOf(text));
  Config config = ReadAll(text, checks, problems);
  if (problems.HasErrors()) {
    return ConfigErrors{problems.Errors()};
  }
  config.warnings = text.warnings;
  config.insecure = text.insecure;
  const std::vector<std::string> more = problems.Warnings();
  config.warnings.insert(config.warnings.end(), more.begin(), more.end());
  if (config.collectors.empty() && !text.files.empty()) {
    // The file is most likely incomplete: still being written, or truncated.
    config.warnings.push_back(text.files.front().path +
                              ": there is no [[collector]] in it: nothing will "
                              "be collected");
  }
  return config;
}

}  // namespace command_exporter
