// The exporter's own families that come from no collector: what it is, how its
// reloads went, what its other processes use.
//
// Thread safety: all functions may be called from any thread.
#ifndef COMMAND_EXPORTER_CORE_SERVICE_SERVICE_FAMILIES_HPP_
#define COMMAND_EXPORTER_CORE_SERVICE_SERVICE_FAMILIES_HPP_

#include <mutex>
#include <optional>

#include "core/metrics/families.hpp"
#include "core/process/ipc/messages.hpp"

namespace command_exporter {

// command_exporter_build_info
MetricFamilies BuildInfoFamilies();

// command_exporter_process_*, _processes_running, _orphans_* and
// _launcher_restarts_total. Figures that have not arrived yet are left out, but
// for those of orphans and restarts, which begin at 0.
MetricFamilies RoleFamilies(const std::optional<StatsMessage>& guardian,
                            const std::optional<StatsMessage>& launcher);

// How the last load of the configuration went. A program that runs has loaded
// it at least once.
class ReloadStatus {
 public:
  ReloadStatus() { Succeeded(false); }

  // `insecure` as ConfigText's.
  void Succeeded(bool insecure);
  void Failed();

  // command_exporter_config_last_reload_successful,
  // _success_timestamp_seconds and command_exporter_config_insecure
  MetricFamilies Families() const;

 private:
  mutable std::mutex mutex_;
  bool successful_{};      // guarded by mutex_
  bool insecure_{};        // guarded by mutex_
  double success_time_{};  // Unix seconds; guarded by mutex_
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SERVICE_SERVICE_FAMILIES_HPP_
