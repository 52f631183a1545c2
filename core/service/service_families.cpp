#include "core/service/service_families.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include "core/scrape/process_metrics.hpp"
#include "core/service/build_info.hpp"

namespace command_exporter {
namespace {

using prometheus::MetricType;

void AddFigures(std::string_view process,
                const std::optional<StatsMessage>& stats,
                std::vector<ProcessFigures>& figures) {
  if (stats) {
    figures.push_back(ProcessFigures{process, stats->resident_bytes,
                                     Duration{stats->cpu_ns}, stats->open_fds});
  }
}

}  // namespace

MetricFamilies BuildInfoFamilies() {
  const BuildInfo build = ThisBuild();
  prometheus::MetricFamily family =
      MakeFamily("command_exporter_build_info",
                 "Build information about the exporter; the value is always 1.",
                 MetricType::Gauge);
  AddSample(family,
            {{"version", build.version},
             {"revision", build.revision},
             {"branch", build.branch},
             {"compiler", build.compiler},
             {"os", build.os},
             {"arch", build.arch}},
            1);
  return {std::move(family)};
}

MetricFamilies RoleFamilies(const std::optional<StatsMessage>& guardian,
                            const std::optional<StatsMessage>& launcher) {
  std::vector<ProcessFigures> figures;
  AddFigures("guardian", guardian, figures);
  AddFigures("launcher", launcher, figures);
  MetricFamilies families = HelperProcessFamilies(figures);
  if (launcher) {
    families.push_back(MakeSingleFamily(
        "command_exporter_processes_running",
        "Commands that are running, including those being killed.",
        MetricType::Gauge, launcher->processes_running));
  }
  families.push_back(MakeSingleFamily(
      "command_exporter_orphans_killed_total",
      "Processes that outlived their run and were killed.", MetricType::Counter,
      static_cast<double>(launcher ? launcher->orphans_killed : 0)));
  families.push_back(MakeSingleFamily(
      "command_exporter_orphans_nameless",
      "Orphan processes that could not be attributed to a collector.",
      MetricType::Gauge,
      static_cast<double>(launcher ? launcher->orphans_nameless : 0)));
  families.push_back(MakeSingleFamily(
      "command_exporter_orphans_cpu_seconds_total",
      "CPU time of orphan processes that could not be attributed to a "
      "collector.",
      MetricType::Counter,
      ToSeconds(Duration(launcher ? launcher->orphans_cpu_ns : 0))));
  families.push_back(MakeSingleFamily(
      "command_exporter_launcher_restarts_total",
      "Launcher processes that died and were replaced.", MetricType::Counter,
      static_cast<double>(guardian ? guardian->launcher_restarts : 0)));
  return families;
}

}  // namespace command_exporter
