#include "core/config/file_trust.hpp"

namespace command_exporter {

void FileTrust::CheckFile(const std::string& path, const SourcePosition& at,
                          const std::string& context) {
  if (trust_ != PathTrust::kIgnore) {
    Tell(InspectPath(AbsolutePath(path), 0, "root").findings, at, context);
  }
}

void FileTrust::CheckFolder(const std::string& path, const SourcePosition& at,
                            const std::string& context) {
  if (trust_ != PathTrust::kIgnore) {
    Tell(InspectFolder(AbsolutePath(path), "root").findings, at, context);
  }
}

void FileTrust::Tell(const std::vector<std::string>& findings,
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
}

}  // namespace command_exporter
