// Checks over all collectors of all files: duplicate names.
//
// Thread safety: pure but for Problems.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_CROSS_CHECKS_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_CROSS_CHECKS_HPP_

#include <vector>

#include "core/config/config.hpp"
#include "core/config/problems.hpp"

namespace command_exporter {

// Collector names are unique. A metric name has one type over all enabled
// collectors. Within a collector, several metrics may have the same name (for
// example the two directions of a counter) if their labels, `where`, `value` or
// pattern differ.
void CheckAcross(const std::vector<CollectorConfig>& collectors,
                 Problems& problems);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_CROSS_CHECKS_HPP_
