#include "core/config/load.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "core/config/cross_checks.hpp"
#include "core/config/files/file_states.hpp"
#include "core/config/files/file_trust.hpp"
#include "core/config/files/include.hpp"
#include "core/config/sections/sections.hpp"
#include "core/config/shell_pipe.hpp"
#include "core/config/toml/known_keys.hpp"
#include "core/config/toml/table_reader.hpp"
#include "core/config/toml/toml_tree.hpp"

namespace command_exporter {

namespace {

constexpr const char* kInclude = "[exporter]: include: ";

// A file that is still being written after so many readings is refused.
constexpr int kMostReadings = 40;
// Files that are too new but have not changed during so many readings are taken
// as they are: the clock of their server may be ahead.
constexpr int kMostOfTooNew = 6;
constexpr std::chrono::milliseconds kPause{25};

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
  const MisplacedKeys misplaced = FindMisplacedKeys(root);
  for (const TomlNode& item : list->items) {
    if (item.kind == TomlKind::kTable) {
      CollectorConfig collector =
          ReadCollector(item, config, defaults, misplaced, problems);
      if (!problems.HasManyErrors()) {
        config.collectors.push_back(std::move(collector));
      }
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

// One reading of the main file and of those that it includes. Paths are checked
// as they were given, for each link on the way, and as they are read.
class Reading {
 public:
  Reading(const std::string& path, PathTrust trust)
      : main_(LocateMainFile(path)),
        problems_({path}),
        trust_(trust),
        files_trust_(trust, problems_) {}

  // False: the main file was not read.
  bool Read() {
    auto text =
        ReadTrusted({main_.path, {main_.path, 1, 1}, main_.real_path()}, "");
    if (!text) {
      if (!problems_.HasErrors()) {
        failure_ = main_.path + ": " + text.error().message;
      }
      return false;
    }
    text_.files.push_back({main_.path, *std::move(text)});
    // Parsing a mixture would only cost time.
    if (states_.Judge() != FileStates::Verdict::kChanged) {
      ReadIncluded();
    }
    text_.insecure = files_trust_.insecure();
    text_.warnings = problems_.Warnings();
    return true;
  }

  FileStates& states() { return states_; }

  Problems& problems() { return problems_; }

  ConfigText& text() { return text_; }

  // After Read was false.
  ConfigErrors Failure() const {
    return failure_.empty() ? ConfigErrors{problems_.Errors()}
                            : ConfigErrors{{failure_}, true};
  }

 private:
  // Errors: none to report when `problems_` has the finding.
  Result<std::string> ReadTrusted(const IncludedPath& file,
                                  const std::string& context) {
    for (const std::string& path : {file.path, file.real_path}) {
      const auto checked = files_trust_.CheckFile(path, file.position, context);
      if (!checked) {
        return checked.error();
      }
      if (!*checked) {
        return Error{};
      }
      if (trust_ != PathTrust::kRefuse) {
        break;
      }
    }
    return states_.Read(file.real_path);
  }

  void ReadIncluded() {
    Problems ignored({});  // ReadAll reports the others of the main file
    const auto root = ParseFile(text_.files.front(), ignored);
    if (!root) {
      return;
    }
    const auto entries = ReadIncludeEntries(*root, problems_);
    for (const IncludedPath& folder : IncludedFolders(main_, entries)) {
      files_trust_.CheckFolder(folder.path, folder.position, kInclude);
    }
    const auto paths = ExpandIncludes(main_, entries, problems_);
    for (const IncludedPath& included : paths) {
      auto text = ReadTrusted(included, kInclude);
      if (text) {
        text_.files.push_back({included.path, *std::move(text)});
      } else if (!text.error().message.empty()) {
        problems_.Error(included.position,
                        kInclude + included.path + ": " + text.error().message);
      }
    }
    if (!std::ranges::equal(ExpandIncludes(main_, entries, ignored), paths, {},
                            &IncludedPath::real_path,
                            &IncludedPath::real_path)) {
      states_.NoteChange(main_.path);
    }
  }

  MainFile main_;
  Problems problems_;
  PathTrust trust_;
  FileTrust files_trust_;
  FileStates states_;
  ConfigText text_;
  std::string failure_;  // why the main file could not be read
};

// `changed` is empty if only the times changed from reading to reading.
ConfigErrors BeingWritten(const std::string& path, const std::string& changed) {
  return {
      {(changed.empty() ? path : changed) +
       ": it is being written: it changed during, or just before, each of " +
       std::to_string(kMostReadings) +
       " readings. Write to a new file and rename it to this one (mv), so "
       "that it is whole at any moment"}};
}

// What a reading of files from one moment gave.
Result<ConfigText, ConfigErrors> Finish(Reading& reading, bool read,
                                        const ConfigChecks& checks) {
  if (!read) {
    return reading.Failure();
  }
  Problems& problems = reading.problems();
  if (!problems.HasErrors()) {
    return std::move(reading.text());
  }
  // Adds the errors of the readable files, so that all errors come at once.
  problems.SetFiles(PathsOf(reading.text()));
  ReadAll(reading.text(), checks, problems);
  return ConfigErrors{problems.Errors()};
}

}  // namespace

Result<ConfigText, ConfigErrors> ReadConfig(const std::string& path,
                                            PathTrust trust,
                                            const ConfigChecks& checks) {
  FileStates before;
  int same = 0;  // readings in a row with these states
  for (int readings = 1; readings <= kMostReadings; ++readings) {
    Reading reading(path, trust);
    const bool read = reading.Read();
    const FileStates::Verdict verdict = reading.states().Judge();
    same = verdict == FileStates::Verdict::kTooNew && reading.states() == before
               ? same + 1
               : 0;
    if (verdict == FileStates::Verdict::kWhole || same >= kMostOfTooNew) {
      return Finish(reading, read, checks);
    }
    before = reading.states();
    std::this_thread::sleep_for(kPause);
  }
  return BeingWritten(path, before.changed());
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
  for (CollectorConfig& collector : config.collectors) {
    if (std::ranges::find(text.without_bash, collector.name) !=
        text.without_bash.end()) {
      UsePlainShell(collector);
    }
    collector.absent =
        std::ranges::find(text.absent, collector.name) != text.absent.end();
  }
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
