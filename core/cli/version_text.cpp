#include "core/cli/version_text.hpp"

#include <algorithm>
#include <cstddef>

#include <CLI/Version.hpp>

#include "core/service/build_info.hpp"
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

std::string VersionText() {
  const BuildInfo build = ThisBuild();
  return "command_exporter, version " + build.version +
         " (branch: " + build.branch + ", revision: " + build.revision + ")\n" +
         Line("compiler", build.compiler) +
         Line("platform", build.os + "/" + build.arch) +
         Line("civetweb", CivetWebDescription()) +
         Line("cli11", CLI11_VERSION) + Line("jq", build.jq) +
         Line("spdlog", build.spdlog) + Line("toml++", build.toml);
}

}  // namespace command_exporter
