#include "core/service/build_info.hpp"

#include <algorithm>
#include <cstddef>

#include <CLI/Version.hpp>

#include "build_version.hpp"
#include "core/web/server.hpp"

namespace command_exporter {
namespace {

constexpr std::size_t kValueColumn = 20;

std::string Line(const std::string& name, const std::string& value) {
  std::string line = "  " + name + ":";
  line.resize(std::max(line.size() + 1, kValueColumn), ' ');
  return line + value + "\n";
}

}  // namespace

BuildInfo ThisBuild() {
  const std::string platform = kPlatform;
  const std::size_t slash = platform.find('/');
  std::string os = platform.substr(0, slash);
  std::transform(os.begin(), os.end(), os.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return BuildInfo{kVersion,  kBranch, kRevision,
                   kCompiler, os,      platform.substr(slash + 1)};
}

std::string VersionText() {
  const BuildInfo build = ThisBuild();
  return "command_exporter, version " + build.version +
         " (branch: " + build.branch + ", revision: " + build.revision + ")\n" +
         Line("compiler", build.compiler) +
         Line("platform", build.os + "/" + build.arch) +
         Line("civetweb", CivetWebDescription()) +
         Line("cli11", CLI11_VERSION) + Line("jq", kJqFile) +
         Line("spdlog", kSpdlogVersion) + Line("toml++", kTomlVersion);
}

}  // namespace command_exporter
