// `include`: resolves patterns, folders and paths to files, in a fixed order.
//
// Paths are relative to the folder of the main file. Entries keep their order;
// the files of one entry are sorted by name (by byte, in every locale). A file
// is read only once, so that `include = ["*.toml"]` beside the main file works
// as expected.
//
// Thread safety: pure but for the file system.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_FILES_INCLUDE_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_FILES_INCLUDE_HPP_

#include <string>
#include <vector>

#include "core/config/problems.hpp"
#include "core/config/sections/sections.hpp"

namespace command_exporter {

struct IncludedPath {
  std::string path{};
  SourcePosition position{};  // of the element of `include` that names it
};

// A pattern or folder without a match is a warning; a plain path without a file
// is an error.
std::vector<IncludedPath> ExpandIncludes(
    const std::string& main_path, const std::vector<IncludeEntry>& entries,
    Problems& problems);

// The folders of which an entry reads every matching file.
std::vector<IncludedPath> IncludedFolders(
    const std::string& main_path, const std::vector<IncludeEntry>& entries);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_FILES_INCLUDE_HPP_
