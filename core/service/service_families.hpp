// The exporter's own families that come from no collector: what it is, what
// its other processes use.
//
// Thread safety: all functions may be called from any thread.
#ifndef COMMAND_EXPORTER_CORE_SERVICE_SERVICE_FAMILIES_HPP_
#define COMMAND_EXPORTER_CORE_SERVICE_SERVICE_FAMILIES_HPP_

#include <optional>

#include "core/metrics/families.hpp"
#include "core/process/ipc/messages.hpp"

namespace command_exporter {

// command_exporter_build_info
MetricFamilies BuildInfoFamilies();

// command_exporter_process_*, _processes_running, _orphans_* and
// _launcher_restarts_total. Figures that have not arrived yet are omitted,
// except those of orphans and restarts, which begin at 0.
MetricFamilies RoleFamilies(const std::optional<StatsMessage>& guardian,
                            const std::optional<StatsMessage>& launcher);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SERVICE_SERVICE_FAMILIES_HPP_
