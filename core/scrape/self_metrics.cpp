#include "core/scrape/self_metrics.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/reason.hpp"

namespace command_exporter {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr double kNoExitCode = -1;

MetricFamily Make(std::string_view name, std::string_view help,
                  MetricType type) {
  return MakeFamily("command_exporter_" + std::string(name), std::string(help),
                    type);
}

struct SimpleMetric {
  std::string_view name{};
  MetricType type{};
  std::string_view help{};
  double (*value)(const CollectorReport&){};
};

double RunSeconds(const CollectorReport& report) {
  return ToSeconds(report.outcome ? report.outcome->duration : report.waited);
}

double ExitCode(const CollectorReport& report) {
  return report.outcome && report.outcome->exit_code
             ? static_cast<double>(*report.outcome->exit_code)
             : kNoExitCode;
}

constexpr SimpleMetric kSimpleMetrics[] = {
    {"collector_up", MetricType::Gauge,
     "1 if the collector gave its samples to this scrape, 0 if it failed or "
     "was late.",
     [](const CollectorReport& report) {
       return report.outcome && !report.outcome->failure ? 1.0 : 0.0;
     }},
    {"collector_scrape_duration_seconds", MetricType::Gauge,
     "Time from the start of the collector's run to its outcome.", RunSeconds},
    {"collector_timeout_seconds", MetricType::Gauge,
     "Configured timeout of the collector.",
     [](const CollectorReport& report) {
       return ToSeconds(report.who->timeout);
     }},
    {"collector_exit_code", MetricType::Gauge,
     "Exit status of the command; -1 if it did not start, was ended by a "
     "signal or has not ended.",
     ExitCode},
    {"collector_samples", MetricType::Gauge,
     "Samples of the collector in this scrape.",
     [](const CollectorReport& report) {
       return static_cast<double>(report.samples);
     }},
    {"collector_output_bytes", MetricType::Gauge,
     "Bytes that the command wrote to its standard output.",
     [](const CollectorReport& report) {
       return report.outcome ? static_cast<double>(report.outcome->output_bytes)
                             : 0.0;
     }},
    {"collector_last_success_timestamp_seconds", MetricType::Gauge,
     "Unix time of the collector's last successful run; 0 if there was none.",
     [](const CollectorReport& report) {
       return report.counters.last_success;
     }},
    {"collector_runs_total", MetricType::Counter,
     "Runs of the collector that were started.",
     [](const CollectorReport& report) {
       return static_cast<double>(report.counters.runs);
     }},
    {"collector_cpu_seconds_total", MetricType::Counter,
     "CPU time, user and system, of the collector's finished runs.",
     [](const CollectorReport& report) {
       return ToSeconds(report.counters.cpu);
     }},
    {"collector_max_rss_bytes", MetricType::Gauge,
     "Largest resident memory of one process of the last finished run; 0 if "
     "there was none.",
     [](const CollectorReport& report) {
       return static_cast<double>(report.counters.max_rss_bytes);
     }},
    {"collector_stuck", MetricType::Gauge,
     "1 if an earlier run of the collector cannot be killed and is still "
     "there.",
     [](const CollectorReport& report) {
       return report.counters.stuck ? 1.0 : 0.0;
     }},
};

Labels LabelsOf(const CollectorIdentity& who) {
  Labels labels{{"collector", who.name}};
  labels.insert(labels.end(), who.matrix.begin(), who.matrix.end());
  return labels;
}

// One sample for each reason, including zeros.
template <typename Names, typename Counts>
void AddByReason(MetricFamily& family, const Labels& labels, const Names& names,
                 const Counts& counts) {
  Labels with_reason = labels;
  with_reason.emplace_back("reason", "");
  for (std::size_t i = 0; i < names.size(); ++i) {
    with_reason.back().second = names[i];
    AddSample(family, with_reason, static_cast<double>(counts[i]));
  }
}

}  // namespace

MetricFamilies SelfMetrics(std::span<const CollectorReport> reports,
                           Duration scrape_duration) {
  MetricFamilies families;
  for (const SimpleMetric& metric : kSimpleMetrics) {
    families.push_back(Make(metric.name, metric.help, metric.type));
  }
  MetricFamily failures = Make("collector_failures_total",
                               "Runs of the collector that failed, by reason.",
                               MetricType::Counter);
  MetricFamily drops = Make("collector_dropped_samples",
                            "Samples of the collector that were left out of "
                            "this scrape, by reason.",
                            MetricType::Gauge);
  MetricFamily unmatched = Make("collector_unmatched_lines",
                                "Lines of the output that the collector's "
                                "format made nothing of.",
                                MetricType::Gauge);
  for (const CollectorReport& report : reports) {
    const Labels labels = LabelsOf(*report.who);
    for (std::size_t i = 0; i < std::size(kSimpleMetrics); ++i) {
      AddSample(families[i], labels, kSimpleMetrics[i].value(report));
    }
    AddByReason(failures, labels, kReasonNames, report.counters.failures);
    AddByReason(drops, labels, kDropReasonNames, report.drops.counts);
    if (report.who->counts_lines) {
      const std::uint64_t lines =
          report.outcome ? report.outcome->unmatched_lines.value_or(0) : 0;
      AddSample(unmatched, labels, static_cast<double>(lines));
    }
  }
  MetricFamily duration =
      Make("scrape_duration_seconds",
           "Time that the exporter needed for this scrape.", MetricType::Gauge);
  AddSample(duration, {}, ToSeconds(scrape_duration));
  for (MetricFamily* family : {&failures, &drops, &unmatched, &duration}) {
    families.push_back(std::move(*family));
  }
  // Without collectors, their families are empty.
  std::erase_if(families, [](const MetricFamily& family) {
    return family.metric.empty();
  });
  return families;
}

}  // namespace command_exporter
