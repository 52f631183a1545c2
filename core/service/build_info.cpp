#include "core/service/build_info.hpp"

#include <cstddef>

#include "build_version.hpp"
#include "core/base/text.hpp"

namespace command_exporter {

BuildInfo ThisBuild() {
  const std::string platform = kPlatform;
  const std::size_t slash = platform.find('/');
  return {.version = kVersion,
          .branch = kBranch,
          .revision = kRevision,
          .compiler = kCompiler,
          .os = Lower(platform.substr(0, slash)),
          .arch = platform.substr(slash + 1),
          .jq = kJqFile,
          .spdlog = kSpdlogVersion,
          .toml = kTomlVersion};
}

std::string DefaultConfigFile() {
  return kConfigFile;
}

std::string DefaultUser() {
  return kUser;
}

}  // namespace command_exporter
