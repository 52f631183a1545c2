// `include`: resolves patterns, folders and paths to files, in a fixed order.
//
// Paths are relative to the folder of the main file, in the state in which the
// main file was found. Entries keep their order;
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

// Where the main file is. What is relative to its folder is read below
// `real_folder`, so that a link on the way that is switched meanwhile does not
// mix two versions.
struct MainFile {
  std::string path{};         // as it was given
  std::string folder{};       // of `path`, with its slash; may be empty
  std::string real_folder{};  // without links; `folder` if that is not known

  // The path to read.
  std::string real_path() const {
    return real_folder + path.substr(folder.size());
  }
};

MainFile LocateMainFile(const std::string& path);

struct IncludedPath {
  std::string path{};         // for messages
  SourcePosition position{};  // of the element of `include` that names it
  std::string real_path{};    // to read; see MainFile
};

// A pattern or folder without a match is a warning; a plain path without a file
// is an error.
std::vector<IncludedPath> ExpandIncludes(
    const MainFile& main_file, const std::vector<IncludeEntry>& entries,
    Problems& problems);

// The folders of which an entry reads every matching file.
std::vector<IncludedPath> IncludedFolders(
    const MainFile& main_file, const std::vector<IncludeEntry>& entries);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_FILES_INCLUDE_HPP_
