#include "core/service/build_info.hpp"

#include <algorithm>
#include <cstddef>

#include "build_version.hpp"

namespace command_exporter {

BuildInfo ThisBuild() {
  const std::string platform = kPlatform;
  const std::size_t slash = platform.find('/');
  std::string os = platform.substr(0, slash);
  std::transform(os.begin(), os.end(), os.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  BuildInfo build;
  build.version = kVersion;
  build.branch = kBranch;
  build.revision = kRevision;
  build.compiler = kCompiler;
  build.os = os;
  build.arch = platform.substr(slash + 1);
  build.jq = kJqFile;
  build.spdlog = kSpdlogVersion;
  build.toml = kTomlVersion;
  return build;
}

}  // namespace command_exporter
