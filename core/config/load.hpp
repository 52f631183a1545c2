// Reading and checking the configuration files.
//
// Two steps, because two processes need them: the loader reads the files once
// (it may have the privilege to do so) and hands their text on; the web side,
// which opens no configuration file, parses the same text again. Both see the
// same bytes, so both see the same configuration.
//
// Strict: an unknown key, a duplicate name, a wrong type or a bad value is an
// error with file:line:column and, for names, the nearest known word. All
// errors of the files are reported, in the order of their lines.
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
  bool insecure{};  // others may change it, or what it runs; allowed by flag
};

// One line an error: "conf.toml:6:1: ...".
struct ConfigErrors {
  std::vector<std::string> lines{};
};

// Checks that this folder cannot make itself (of jq programs, which take a
// process); their problems come among the others, in the order of the lines.
// Empty: there are none.
using ConfigChecks =
    std::function<void(const std::vector<CollectorConfig>&, Problems&)>;

// Reads `path` and what its `include` names. `trust` says what becomes of files
// that others than root may change. `checks` are made only when the files have
// errors, which then come all at once.
Result<ConfigText, ConfigErrors> ReadConfig(
    const std::string& path, PathTrust trust = PathTrust::kIgnore,
    const ConfigChecks& checks = {});

// Parses and checks text that ReadConfig gave. Touches no file. The warnings of
// the text come first in Config::warnings.
Result<Config, ConfigErrors> ParseConfig(const ConfigText& text,
                                         const ConfigChecks& checks = {});

// For the hand-over between processes; Decode refuses what Encode cannot have
// written.
std::string EncodeConfigText(const ConfigText& text);
Result<ConfigText> DecodeConfigText(std::string_view bytes);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_LOAD_HPP_
