// FileTrust: only root may change the configuration files that root reads.
//
// The main file decides what root runs; so do the files that it includes, and
// each file in an included folder. An unsafe file is an error at the place that
// names it, or a warning with --config.allow-insecure. A rejected file is not
// opened.
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

  // Whether the file may be read. If not, `problems` has the reason, in
  // messages that begin with `context` (may be empty). Errors: the path leads
  // to no file that could be checked; the file may not be read, and nothing was
  // reported.
  Result<bool> CheckFile(const std::string& path, const SourcePosition& at,
                         const std::string& context);
  void CheckFolder(const std::string& path, const SourcePosition& at,
                   const std::string& context);

  // An unsafe file was found and allowed.
  bool insecure() const { return insecure_; }

 private:
  bool Tell(const std::vector<std::string>& findings, const SourcePosition& at,
            const std::string& context);

  PathTrust trust_;
  Problems& problems_;
  std::set<std::string> told_;  // reports a folder above many files once
  bool insecure_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_FILES_FILE_TRUST_HPP_
