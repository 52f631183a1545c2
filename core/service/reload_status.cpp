#include "core/service/reload_status.hpp"

#include <chrono>

namespace command_exporter {

using prometheus::MetricType;

void ReloadStatus::Succeeded(bool insecure) {
  const std::chrono::duration<double> now =
      std::chrono::system_clock::now().time_since_epoch();
  const std::lock_guard lock(mutex_);
  successful_ = true;
  insecure_ = insecure;
  success_time_ = now.count();
}

void ReloadStatus::Failed() {
  const std::lock_guard lock(mutex_);
  successful_ = false;
}

MetricFamilies ReloadStatus::Families() const {
  const std::lock_guard lock(mutex_);
  return {
      MakeSingleFamily(
          "command_exporter_config_last_reload_successful",
          "1 if the last load of the configuration succeeded; 0 if it failed "
          "and the previous configuration is still in use.",
          MetricType::Gauge, successful_ ? 1 : 0),
      MakeSingleFamily(
          "command_exporter_config_last_reload_success_timestamp_seconds",
          "Unix time of the last successful load of the configuration.",
          MetricType::Gauge, success_time_),
      MakeSingleFamily("command_exporter_config_insecure",
                       "1 if users other than root can change what root runs, "
                       "as allowed by --config.allow-insecure.",
                       MetricType::Gauge, insecure_ ? 1 : 0)};
}

}  // namespace command_exporter
