#include "core/scrape/self_metrics.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <numeric>
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

// A family with at most one sample for each collector.
struct SimpleMetric {
  std::string_view name{};
  MetricType type{};
  std::string_view help{};
  double (*value)(const CollectorReport&){};
  bool (*is_there)(const CollectorReport&){};  // null: always
};

double RunSeconds(const CollectorReport& report) {
  return ToSeconds(report.outcome ? report.outcome->duration : report.waited);
}

double ExitCode(const CollectorReport& report) {
  return report.outcome && report.outcome->exit_code
             ? static_cast<double>(*report.outcome->exit_code)
             : kNoExitCode;
}

bool IsUp(const CollectorReport& report) {
  return report.outcome && !report.outcome->failure;
}

std::uint64_t OutputBytes(const CollectorReport& report) {
  return report.outcome ? report.outcome->output_bytes : 0;
}

std::uint64_t UnmatchedLines(const CollectorReport& report) {
  return report.outcome ? report.outcome->unmatched_lines.value_or(0) : 0;
}

constexpr SimpleMetric kSimpleMetrics[] = {
    {"collector_up", MetricType::Gauge,
     "1 if the collector succeeded and its samples are in this scrape, 0 if it "
     "failed or was late.",
     [](const CollectorReport& report) { return IsUp(report) ? 1.0 : 0.0; }},
    {"collector_scrape_duration_seconds", MetricType::Gauge,
     "Time from the request of the run to its outcome. For a late collector, "
     "the time that the scrape waited.",
     RunSeconds},
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
    {"collector_dropped_samples", MetricType::Gauge,
     "Samples of the collector that were dropped from this scrape.",
     [](const CollectorReport& report) {
       return static_cast<double>(report.drops.total());
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
    {"collector_failures_total", MetricType::Counter,
     "Runs of the collector that failed.",
     [](const CollectorReport& report) {
       return static_cast<double>(
           std::accumulate(report.counters.failures.begin(),
                           report.counters.failures.end(), std::uint64_t{0}));
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
    {"collector_interval_seconds", MetricType::Gauge,
     "The interval, every, of a collector that runs on a clock of its own.",
     [](const CollectorReport& report) {
       return ToSeconds(report.who->schedule.every);
     },
     [](const CollectorReport& report) {
       return report.who->schedule.every > Duration{0};
     }},
    {"collector_output_bytes", MetricType::Gauge,
     "Bytes that the command wrote to its standard output. Present once they "
     "were more than half of max_output.",
     [](const CollectorReport& report) {
       return static_cast<double>(OutputBytes(report));
     },
     [](const CollectorReport& report) { return report.series.output_bytes; }},
    {"collector_unmatched_lines", MetricType::Gauge,
     "Lines of the output that the format did not use. Present once there was "
     "one.",
     [](const CollectorReport& report) {
       return static_cast<double>(UnmatchedLines(report));
     },
     [](const CollectorReport& report) {
       return report.series.unmatched_lines;
     }},
    {"collector_stuck", MetricType::Gauge,
     "1 while a process of an earlier run cannot be killed. Present once "
     "there was one.",
     [](const CollectorReport& report) {
       return report.counters.stuck ? 1.0 : 0.0;
     },
     [](const CollectorReport& report) { return report.series.stuck; }},
};

Labels LabelsOf(const CollectorIdentity& who) {
  Labels labels{{"collector", who.name}};
  labels.insert(labels.end(), who.matrix.begin(), who.matrix.end());
  return labels;
}

// One sample for each reason that is there.
template <typename Names, typename Counts, typename There>
void AddByReason(MetricFamily& family, const Labels& labels, const Names& names,
                 const Counts& counts, const There& there) {
  Labels with_reason = labels;
  with_reason.emplace_back("reason", "");
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (there[i]) {
      with_reason.back().second = names[i];
      AddSample(family, with_reason, static_cast<double>(counts[i]));
    }
  }
}

void AddFailureInfo(MetricFamily& family, const Labels& labels,
                    const CollectorReport& report) {
  if (IsUp(report)) {
    return;
  }
  const Reason reason =
      report.outcome ? report.outcome->failure->reason : Reason::kTimeout;
  Labels with_reason = labels;
  with_reason.emplace_back("reason", Name(reason));
  AddSample(family, with_reason, 1);
}

// The families whose samples have a reason.
struct ByReason {
  MetricFamily failures =
      Make("collector_failures_by_reason_total",
           "Runs of the collector that failed, by reason. Present once the "
           "reason occurred.",
           MetricType::Counter);
  MetricFamily info = Make("collector_last_failure_info",
                           "The reason of the failure; present while "
                           "collector_up is 0, and always 1.",
                           MetricType::Gauge);
  MetricFamily drops =
      Make("collector_dropped_samples_by_reason",
           "Samples of the collector that were dropped from this scrape, by "
           "reason. Present once the reason occurred.",
           MetricType::Gauge);

  void Add(const CollectorReport& report, const Labels& labels) {
    AddByReason(failures, labels, kReasonNames, report.counters.failures,
                report.series.failures);
    AddFailureInfo(info, labels, report);
    AddByReason(drops, labels, kDropReasonNames, report.drops.counts,
                report.series.drops);
  }
};

void AddOfScrape(std::uint64_t refused, Duration duration,
                 MetricFamilies& families) {
  families.push_back(MakeSingleFamily(
      "command_exporter_runs_refused_total",
      "Runs that were not started before the scrape's time was over.",
      MetricType::Counter, static_cast<double>(refused)));
  families.push_back(
      MakeSingleFamily("command_exporter_scrape_duration_seconds",
                       "Time that the exporter needed for this scrape.",
                       MetricType::Gauge, ToSeconds(duration)));
}

}  // namespace

OptionalSeries SeriesToReport(const CollectorReport& report) {
  OptionalSeries series;
  for (std::size_t i = 0; i < series.failures.size(); ++i) {
    series.failures[i] = report.counters.failures[i] > 0;
  }
  for (std::size_t i = 0; i < series.drops.size(); ++i) {
    series.drops[i] = report.drops.counts[i] > 0;
  }
  series.stuck = report.counters.stuck;
  series.unmatched_lines = UnmatchedLines(report) > 0;
  series.output_bytes = OutputBytes(report) > report.who->max_output / 2;
  return series;
}

MetricFamilies SelfMetrics(std::span<const CollectorReport> reports,
                           std::uint64_t refused, Duration scrape_duration) {
  MetricFamilies families;
  for (const SimpleMetric& metric : kSimpleMetrics) {
    families.push_back(Make(metric.name, metric.help, metric.type));
  }
  ByReason by_reason;
  for (const CollectorReport& report : reports) {
    const Labels labels = LabelsOf(*report.who);
    for (std::size_t i = 0; i < std::size(kSimpleMetrics); ++i) {
      const SimpleMetric& metric = kSimpleMetrics[i];
      if (metric.is_there == nullptr || metric.is_there(report)) {
        AddSample(families[i], labels, metric.value(report));
      }
    }
    by_reason.Add(report, labels);
  }
  families.push_back(std::move(by_reason.failures));
  families.push_back(std::move(by_reason.info));
  families.push_back(std::move(by_reason.drops));
  AddOfScrape(refused, scrape_duration, families);
  std::erase_if(families, [](const MetricFamily& family) {
    return family.metric.empty();
  });
  return families;
}

}  // namespace command_exporter
