// The facts about this build: for --version, the log's first lines, the landing
// page and the metric build_info.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_SERVICE_BUILD_INFO_HPP_
#define COMMAND_EXPORTER_CORE_SERVICE_BUILD_INFO_HPP_

#include <string>

namespace command_exporter {

struct BuildInfo {
  std::string version{};
  std::string branch{};
  std::string revision{};
  std::string compiler{};
  std::string os{};    // "linux"
  std::string arch{};  // "x86_64"
  // The file name or the version of each library.
  std::string jq{};
  std::string spdlog{};
  std::string toml{};
};

BuildInfo ThisBuild();

// Options of the build, for packages with other conventions: the values of
// --config.file and --user that are not given. COMMAND_EXPORTER_CONFIG_FILE and
// COMMAND_EXPORTER_USER in CMakeLists.txt.
std::string DefaultConfigFile();
std::string DefaultUser();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SERVICE_BUILD_INFO_HPP_
