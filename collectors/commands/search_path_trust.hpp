// Checks the folders of a PATH in which root's commands look for programs.
//
// A user who may put a file into one of them decides what root runs: not the
// program of the collector, which program_trust.hpp checks, but for example the
// `df` in its script. Each folder must therefore belong to root and be writable
// by nobody else, on the whole path to it, even if it does not exist yet.
//
// A folder that only Debian's group staff may write (/usr/local/bin, mode 2775,
// on systems installed long ago) is a warning, because that group is nearly
// always empty and every PATH has the folder.
//
// Thread safety: pure but for the file system and the name service.
#ifndef COMMAND_EXPORTER_COLLECTORS_COMMANDS_SEARCH_PATH_TRUST_HPP_
#define COMMAND_EXPORTER_COLLECTORS_COMMANDS_SEARCH_PATH_TRUST_HPP_

#include <string_view>

#include "core/base/path_trust.hpp"

namespace command_exporter {

// `path`: folders with ':' between them. What is found begins with "PATH: " and
// the folder.
PathReport InspectSearchPath(std::string_view path);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_COMMANDS_SEARCH_PATH_TRUST_HPP_
