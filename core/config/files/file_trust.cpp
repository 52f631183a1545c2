#include "core/config/files/file_trust.hpp"

#include <sys/stat.h>

#include <cstring>

#include "core/config/files/file_reader.hpp"

namespace command_exporter {

Result<bool> FileTrust::CheckFile(const std::string& path,
                                  const SourcePosition& at,
                                  const std::string& context) {
  if (trust_ == PathTrust::kIgnore) {
    return true;
  }
  struct stat info = {};
  if (::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {
    // The message gives no advice: a device (a link to /dev/null) must not
    // change.
    return NotRegular(info.st_mode);
  }
  const PathReport report = InspectPath(AbsolutePath(path), 0, "root");
  const bool allowed = Tell(report.findings, at, context);
  if (allowed && report.error != 0 && trust_ == PathTrust::kRefuse) {
    return Error{std::strerror(report.error)};
  }
  return allowed;
}

void FileTrust::CheckFolder(const std::string& path, const SourcePosition& at,
                            const std::string& context) {
  if (trust_ != PathTrust::kIgnore) {
    Tell(InspectFolder(AbsolutePath(path), "root").findings, at, context);
  }
}

// True if there are no findings, or if they are allowed.
bool FileTrust::Tell(const std::vector<std::string>& findings,
                     const SourcePosition& at, const std::string& context) {
  for (const std::string& finding : findings) {
    if (!told_.insert(finding).second) {
      continue;
    }
    if (trust_ == PathTrust::kWarn) {
      insecure_ = true;
      problems_.Warn(at, context + finding);
    } else {
      problems_.Error(
          at, context + finding + " (or start with --config.allow-insecure)");
    }
  }
  return findings.empty() || trust_ == PathTrust::kWarn;
}

}  // namespace command_exporter
