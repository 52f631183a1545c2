// Path trust: whether anyone else could change the file behind a path.
//
// Root runs what its configuration and its programs say. Each of these files,
// and each folder and link on the way, must therefore belong to root (or, for a
// program, to the user it runs as) and be writable by nobody else.
// path_walk.hpp has the rule and how it treats sticky folders.
//
// If a path is safe and was walked to its end, only root (or the one owner) can
// change anything on it: no race is left between check and use. A path that
// ends early has no such guarantee. A user who may rename a folder on it can
// hide a file from the check and show it at the use. Therefore the findings
// before the end count, and a caller uses only a file that the walk has
// reached.
//
// Thread safety: pure but for the file system and the name service.
#ifndef COMMAND_EXPORTER_CORE_BASE_PATH_TRUST_HPP_
#define COMMAND_EXPORTER_CORE_BASE_PATH_TRUST_HPP_

#include <cstdint>
#include <string>
#include <vector>

namespace command_exporter {

// How an unsafe path is treated.
enum class PathTrust : std::uint8_t {
  kIgnore,  // started without privilege: there is nothing to gain
  kRefuse,
  kWarn  // --config.allow-insecure
};

struct PathReport {
  // "/opt/x is writable by others (mode 0777), ...: chmod go-w /opt/x", one for
  // each bad step of the path.
  std::vector<std::string> findings{};
  std::vector<std::string> warnings{};  // less grave, only for kSearch
  int error{};                          // errno: the walk did not reach a file
  std::uint32_t mode{};                 // of the file; 0 with an error
};

// The purpose of the path; the advice in the messages depends on it.
enum class PathUse : std::uint8_t {
  kFile,
  kProgram,
  kSearch  // a folder of PATH; what only the group staff may write is a warning
};

// `owner` may own steps beside root. `whom` names the user at risk, for the
// messages. A path that is not absolute is a finding.
PathReport InspectPath(const std::string& path, std::uint32_t owner,
                       const std::string& whom, PathUse use = PathUse::kFile);

// The same for a folder of which every file is read: a sticky folder in which
// others may create files is also a finding.
PathReport InspectFolder(const std::string& path, const std::string& whom,
                         PathUse use = PathUse::kFile);

// From the root; unchanged when the current folder is unknown (it was removed
// or unmounted).
std::string AbsolutePath(const std::string& path);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_PATH_TRUST_HPP_
