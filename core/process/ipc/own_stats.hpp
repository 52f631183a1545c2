// OwnStats: the figures that guardian and launcher report about themselves.
//
// Thread safety: pure but for /proc.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_IPC_OWN_STATS_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_IPC_OWN_STATS_HPP_

#include "core/process/ipc/messages.hpp"

namespace command_exporter {

// Size, processor time and descriptors of this process; other fields stay
// unset.
StatsMessage OwnStats();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_IPC_OWN_STATS_HPP_
