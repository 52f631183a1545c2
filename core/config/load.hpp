// Reading and checking the configuration files.
//
// There are two steps, because two processes need them: the loader reads the
// files once (it may have the privilege to) and passes their text on; the web
// side, which opens no configuration file, parses the same text again. Both see
// the same bytes and therefore the same configuration.
//
// The reader is strict: an unknown key, a duplicate name, a wrong type or a bad
// value is an error with file:line:column and, for names, the nearest known
// word. All errors of the files are reported, in the order of their lines.
//
// Thread safety: pure but for the file system.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_LOAD_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_LOAD_HPP_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/path_trust.hpp"
#include "core/base/result.hpp"
#include "core/config/config.hpp"
#include "core/config/problems.hpp"

namespace command_exporter {

struct ConfigFile {
  std::string path{};
  std::string text{};
};

// The main file first, then each included file in name order.
struct ConfigText {
  std::vector<ConfigFile> files{};
  std::vector<std::string> warnings{};  // e.g. an include without a match
  bool insecure{};  // others may change the files or programs; allowed by flag
  // Collectors with a pipe whose user cannot execute bash.
  std::vector<std::string> without_bash{};
  // Collectors whose `when` does not hold on this machine.
  std::vector<std::string> absent{};
};

// One line for each error: "conf.toml:6:1: ...".
struct ConfigErrors {
  std::vector<std::string> lines{};
  bool unreadable{};  // the main file: absent, or closed to this user
};

// Checks that this folder cannot make itself: jq programs need a process. Their
// problems are sorted among the others. Empty: no such checks.
using ConfigChecks =
    std::function<void(const std::vector<CollectorConfig>&, Problems&)>;

// Reads `path` and the files of its `include`, again for about a second while
// they change, so that they are all from one moment. `trust` decides about
// files that others than root may change. `checks` are made only when the files
// have errors, so that all errors come at once.
Result<ConfigText, ConfigErrors> ReadConfig(
    const std::string& path, PathTrust trust = PathTrust::kIgnore,
    const ConfigChecks& checks = {});

// Parses and checks text from ReadConfig, without opening any file. The
// warnings of the text come first in Config::warnings.
Result<Config, ConfigErrors> ParseConfig(const ConfigText& text,
                                         const ConfigChecks& checks = {});

// For the hand-over between processes; Decode rejects bytes that Encode cannot
// have written.
std::string EncodeConfigText(const ConfigText& text);
Result<ConfigText> DecodeConfigText(std::string_view bytes);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_LOAD_HPP_
