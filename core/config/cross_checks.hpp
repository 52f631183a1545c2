// What can only be seen over all collectors of all files: names that are
// there twice.
//
// Thread safety: pure but for Problems.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_CROSS_CHECKS_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_CROSS_CHECKS_HPP_

#include <vector>

#include "core/config/config.hpp"
#include "core/config/problems.hpp"

namespace command_exporter {

// Collector names are unique. A metric name has one type over all enabled
// collectors. Within a collector a name may stand in several metrics (the two
// directions of a counter, say) as long as they can be told apart: by their
// labels, `where`, `value` or pattern.
void CheckAcross(const std::vector<CollectorConfig>& collectors,
                 Problems& problems);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_CROSS_CHECKS_HPP_
