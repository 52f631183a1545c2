// The metrics of a collector with format "nagios" that defines none.
//
// Their names do not depend on the plugin, so that one rule or dashboard serves
// all checks: the label `check` is the collector's name. Each base unit has its
// own metric, because a metric has one unit.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "core/config/sections/sections.hpp"

namespace command_exporter {

namespace {

// The names for a datum of one base unit.
struct Kind {
  std::string_view base{};    // pattern of the field `base`
  std::string_view suffix{};  // of the metric's name
  std::string_view of{};      // for HELP
  bool has_unit{};            // label `unit`: it is not in the name
};

constexpr std::array<Kind, 4> kKinds = {{
    {"seconds", "_seconds", " in seconds", false},
    {"bytes", "_bytes", " in bytes", false},
    {"ratio", "_ratio", ", as a ratio", false},
    {"", "", " in the unit that it prints, if any", true},
}};

MetricConfig Metric(const CollectorConfig& collector, std::string name,
                    std::string help) {
  MetricConfig metric;
  metric.position = collector.position;
  metric.name = std::move(name);
  metric.help = std::move(help);
  metric.labels = {{"check", collector.name}};
  return metric;
}

MetricConfig DataMetric(const CollectorConfig& collector, const Kind& kind,
                        std::string name, std::string help) {
  MetricConfig metric = Metric(collector, std::move(name), std::move(help));
  metric.labels.push_back({"label", "{label}"});
  if (kind.has_unit) {
    metric.labels.push_back({"unit", "{unit}"});
  }
  if (auto base = Pattern::Compile(std::string(kind.base))) {
    metric.where.push_back({"base", *std::move(base)});
  }
  metric.on_missing = OnMissing::kSkip;
  return metric;
}

}  // namespace

std::vector<MetricConfig> NagiosMetrics(const CollectorConfig& collector) {
  std::vector<MetricConfig> metrics;
  metrics.push_back(
      Metric(collector, "nagios_state",
             "State of the check: 0 OK, 1 warning, 2 critical, 3 unknown."));
  metrics.back().values = {"state"};
  for (const Kind& kind : kKinds) {
    metrics.push_back(DataMetric(
        collector, kind, "nagios_perfdata" + std::string(kind.suffix),
        "Performance data of the check" + std::string(kind.of) + "."));
  }
  metrics.push_back(DataMetric(collector, {.base = "total"},
                               "nagios_perfdata_total",
                               "Counters of the check's performance data."));
  for (Kind kind : kKinds) {
    if (kind.has_unit) {
      kind.base = "|total";
    }
    metrics.push_back(DataMetric(
        collector, kind, "nagios_perfdata_limit" + std::string(kind.suffix),
        "Ends of the ranges that the check looks at" + std::string(kind.of) +
            "."));
    metrics.back().values = {"warn_low",
                             "warn_high",
                             "crit_low",
                             "crit_high",
                             "warn_inside_low",
                             "warn_inside_high",
                             "crit_inside_low",
                             "crit_inside_high",
                             "min",
                             "max"};
    metrics.back().value_label = "limit";
  }
  return metrics;
}

bool IsNagiosLabel(std::string_view name) {
  constexpr std::array<std::string_view, 4> kLabels = {"check", "label", "unit",
                                                       "limit"};
  return std::ranges::find(kLabels, name) != kLabels.end();
}

}  // namespace command_exporter
