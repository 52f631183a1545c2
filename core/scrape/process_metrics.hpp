// Metrics of our own processes.
//
// The web side, which answers the scrape, has the standard names without
// labels, which dashboards expect of every exporter. Guardian and launcher have
// our prefix and the label `process`. A figure that cannot be read is omitted,
// never 0.
// https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics
//
// Thread safety: both functions may be called from any thread.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_PROCESS_METRICS_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_PROCESS_METRICS_HPP_

#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/deadline.hpp"
#include "core/metrics/families.hpp"

namespace command_exporter {

// process_cpu_seconds_total, process_open_fds, process_max_fds,
// process_virtual_memory_bytes, process_virtual_memory_max_bytes (+Inf: no
// limit), process_resident_memory_bytes, process_start_time_seconds of the
// calling process. Sources: proc(5), getrusage(2), getrlimit(2).
MetricFamilies OwnProcessFamilies();

struct ProcessFigures {
  std::string_view process{};  // "guardian" or "launcher"
  std::uint64_t resident_bytes{};
  Duration cpu{};
  std::uint64_t open_fds{};
};

// command_exporter_process_resident_memory_bytes, _cpu_seconds_total and
// _open_fds; nothing for an empty list.
MetricFamilies HelperProcessFamilies(std::span<const ProcessFigures> processes);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_PROCESS_METRICS_HPP_
