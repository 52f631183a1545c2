#include "collectors/commands/search_path_trust.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cstddef>

#include "core/base/text.hpp"

namespace command_exporter {
namespace {

void InspectSearchFolder(const std::string& folder, PathReport& report) {
  if (!folder.starts_with('/')) {
    report.findings.push_back(
        "PATH: " + Quote(folder) +
        " is relative to the working directory, which so decides what root "
        "runs: write each folder from /, and no empty one");
    return;
  }
  const PathReport seen = InspectFolder(folder, "root", PathUse::kSearch);
  if (seen.error == 0 && !S_ISDIR(seen.mode)) {
    return;  // a file: no program can be found in it
  }
  const std::string at = "PATH: " + Printable(folder) + ": ";
  for (const std::string& finding : seen.findings) {
    report.findings.push_back(at + finding);
  }
  for (const std::string& warning : seen.warnings) {
    report.warnings.push_back(at + warning);
  }
}

}  // namespace

PathReport InspectSearchPath(std::string_view path) {
  PathReport report;
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    InspectSearchFolder(std::string(path.substr(begin, end - begin)), report);
    begin = end + 1;
  }
  return report;
}

}  // namespace command_exporter
