// The collectors that are off on this machine, because the file of their `when`
// is not there.
//
// One configuration can serve many machines: a collector for chronyd is off
// where there is no chronyd. Only the loader looks, because the web side opens
// no file of the configuration; so the answer is that of the load, and holds
// until the next one.
//
// Thread safety: pure but for the file system.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_FILES_ABSENT_FILES_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_FILES_ABSENT_FILES_HPP_

#include <string>
#include <vector>

#include "core/config/config.hpp"

namespace command_exporter {

struct AbsentCollectors {
  std::vector<std::string> names{};
  // One line, with its position, for each file whose folder is closed to us:
  // nobody knows whether it is there. Its collector is off.
  std::vector<std::string> warnings{};
};

AbsentCollectors FindAbsentCollectors(const Config& config);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_FILES_ABSENT_FILES_HPP_
