#include "core/config/files/absent_files.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <system_error>

#include "core/base/text.hpp"

namespace command_exporter {

AbsentCollectors FindAbsentCollectors(const Config& config) {
  AbsentCollectors absent;
  for (const CollectorConfig& collector : config.collectors) {
    const std::string& path = collector.schedule.file;

    struct stat facts {};

    if (path.empty() || ::stat(path.c_str(), &facts) == 0) {
      continue;
    }
    const int error = errno;
    absent.names.push_back(collector.name);
    if (error != ENOENT && error != ENOTDIR) {
      absent.warnings.push_back(ToString(collector.schedule.file_position) +
                                ": collector " + Quote(collector.name) +
                                ": when: cannot look for " + Quote(path) +
                                " (" + std::generic_category().message(error) +
                                "), so the collector is off");
    }
  }
  return absent;
}

}  // namespace command_exporter
