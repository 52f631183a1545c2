// The folders of a PATH in which root's commands look for programs.
//
// Whoever may put a file into one of them decides what root runs: not the
// program of the collector, which program_trust.hpp looks at, but the `df` in
// its script. So each must belong to root and be writable by nobody else, on
// the whole way to it, whether it is there yet or not.
//
// What only Debian's group staff may write (/usr/local/bin, mode 2775, of
// systems that were installed long ago) is a warning, since nearly nobody is in
// that group and every PATH has the folder.
//
// Thread safety: pure but for the file system and the name service.
#ifndef COMMAND_EXPORTER_COLLECTORS_COMMANDS_SEARCH_PATH_TRUST_HPP_
#define COMMAND_EXPORTER_COLLECTORS_COMMANDS_SEARCH_PATH_TRUST_HPP_

#include <string>
#include <string_view>
#include <vector>

namespace command_exporter {

// Each begins with "PATH: " and the folder.
struct SearchPathReport {
  std::vector<std::string> findings{};
  std::vector<std::string> warnings{};
};

// `path`: folders with ':' between them.
SearchPathReport InspectSearchPath(std::string_view path);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_COMMANDS_SEARCH_PATH_TRUST_HPP_
