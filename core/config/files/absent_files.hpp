// The collectors that are off on this machine, because the file of their `when`
// is not there.
//
// A file system that does not answer must not hold up the load: each look is
// made by a process of its own, and given up after two seconds (six for all).
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
  // One line, with its position, for each file of which nobody knows whether it
  // is there: its folder is closed to us, or its file system does not answer.
  // Its collector is off.
  std::vector<std::string> warnings{};
};

AbsentCollectors FindAbsentCollectors(const Config& config);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_FILES_ABSENT_FILES_HPP_
