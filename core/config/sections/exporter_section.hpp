// [exporter]: what concerns all collectors.
//
// `timeout` is the short way to write [exporter.defaults] timeout; to set both
// is an error, since one of the two would have no effect.
//
// Thread safety: pure but for Problems.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_EXPORTER_SECTION_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_EXPORTER_SECTION_HPP_

#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/config/problems.hpp"
#include "core/config/toml/toml_tree.hpp"

namespace command_exporter {

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

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_EXPORTER_SECTION_HPP_
