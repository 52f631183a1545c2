// How the last load of the configuration went, for the exporter's own families.
//
// A program that runs has loaded it at least once.
//
// Thread safety: all functions may be called from any thread.
#ifndef COMMAND_EXPORTER_CORE_SERVICE_RELOAD_STATUS_HPP_
#define COMMAND_EXPORTER_CORE_SERVICE_RELOAD_STATUS_HPP_

#include <mutex>

#include "core/metrics/families.hpp"

namespace command_exporter {

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

#endif  // COMMAND_EXPORTER_CORE_SERVICE_RELOAD_STATUS_HPP_
