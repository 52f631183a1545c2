// Whether a path means what root meant: who else could change what is there.
//
// Root runs what its configuration and its programs say, so each of them, and
// each folder and link on the way, must belong to root (a program's also to the
// user it runs as) and be writable by nobody else. path_walk.hpp tells the rule
// and what it makes of sticky folders.
//
// On a way that is found safe, and that was walked to its end, only root (or
// the one owner) can change anything: no race is left between the look and the
// use that follows. A way that ends early is not such a one. Who may rename a
// folder on it can let the look find nothing there and the use find a file. So
// what was found before the end counts, and a caller uses only what the walk
// has reached.
//
// Thread safety: pure but for the file system and the name service.
#ifndef COMMAND_EXPORTER_CORE_BASE_PATH_TRUST_HPP_
#define COMMAND_EXPORTER_CORE_BASE_PATH_TRUST_HPP_

#include <cstdint>
#include <string>
#include <vector>

namespace command_exporter {

// What is done about an unsafe path.
enum class PathTrust : std::uint8_t {
  kIgnore,  // started without privilege: there is nothing to gain
  kRefuse,
  kWarn  // --config.allow-insecure
};

struct PathReport {
  // "/opt/x is writable by others (mode 0777), ...: chmod go-w /opt/x", one for
  // each step of the way.
  std::vector<std::string> findings{};
  std::vector<std::string> warnings{};  // kSearch's, less grave
  int error{};                          // errno: the walk did not reach a file
  std::uint32_t mode{};                 // of the file; 0 with an error
};

// What the path is to root, for what the messages advise.
enum class PathUse : std::uint8_t {
  kFile,
  kProgram,
  kSearch  // a folder of PATH; what only the group staff may write is a warning
};

// `owner` may own the steps beside root; `whom` is who would be harmed, for the
// messages. A path that is not absolute is a finding.
PathReport InspectPath(const std::string& path, std::uint32_t owner,
                       const std::string& whom, PathUse use = PathUse::kFile);

// The same for a folder of which every file is taken: a sticky one in which
// others may put files is a finding, too.
PathReport InspectFolder(const std::string& path, const std::string& whom,
                         PathUse use = PathUse::kFile);

// From the root; unchanged when the current folder cannot be told (it was
// removed or unmounted).
std::string AbsolutePath(const std::string& path);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_PATH_TRUST_HPP_
