// Configuration files that only root may change, when root reads them.
//
// The file decides what root runs; so do the files that it includes, and a
// folder of which every file is taken. What is unsafe about them is an error at
// the place that names the file, or a warning with --config.allow-insecure.
// What is refused is not opened either.
//
// Thread safety: none.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_FILES_FILE_TRUST_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_FILES_FILE_TRUST_HPP_

#include <set>
#include <string>
#include <vector>

#include "core/base/path_trust.hpp"
#include "core/base/result.hpp"
#include "core/config/config.hpp"
#include "core/config/problems.hpp"

namespace command_exporter {

class FileTrust {
 public:
  FileTrust(PathTrust trust, Problems& problems)
      : trust_(trust),
        problems_(problems) {}

  // Whether the file may be read; if not, `problems` has been told why, in
  // messages that `context` (may be empty) opens. Errors: the path leads to no
  // file that could be judged, so it may not be read either; nobody was told.
  Result<bool> CheckFile(const std::string& path, const SourcePosition& at,
                         const std::string& context);
  void CheckFolder(const std::string& path, const SourcePosition& at,
                   const std::string& context);

  // Something unsafe was found, and allowed.
  bool insecure() const { return insecure_; }

 private:
  bool Tell(const std::vector<std::string>& findings, const SourcePosition& at,
            const std::string& context);

  PathTrust trust_;
  Problems& problems_;
  std::set<std::string> told_;  // a folder above many files, once
  bool insecure_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_FILES_FILE_TRUST_HPP_
