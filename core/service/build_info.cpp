#include "core/service/build_info.hpp"

#include <cstddef>

#include "build_version.hpp"
#include "core/base/text.hpp"

namespace command_exporter {

BuildInfo ThisBuild() {
  const std::string platform = kPlatform;
  const std::size_t slash = platform.find('/');
  BuildInfo build;
  build.version = kVersion;
  build.branch = kBranch;
  build.revision = kRevision;
  build.compiler = kCompiler;
  build.os = Lower(platform.substr(0, slash));
  build.arch = platform.substr(slash + 1);
  build.jq = kJqFile;
  build.spdlog = kSpdlogVersion;
  build.toml = kTomlVersion;
  return build;
}

}  // namespace command_exporter
