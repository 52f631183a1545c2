#include "core/config/cross_checks.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "core/base/text.hpp"
#include "core/config/sections/sections.hpp"
#include "core/config/toml/table_reader.hpp"

namespace command_exporter {

namespace {

void CheckCollectorNames(const std::vector<CollectorConfig>& collectors,
                         Problems& problems) {
  std::map<std::string_view, const CollectorConfig*> seen;
  for (const CollectorConfig& collector : collectors) {
    if (collector.name.empty()) {
      continue;
    }
    const auto [first, is_new] = seen.emplace(collector.name, &collector);
    if (!is_new) {
      problems.Error(collector.position,
                     "collector " + Quote(collector.name) +
                         ": the name is taken by the collector at " +
                         ToString(first->second->position) + ": rename one");
    }
  }
}

using TextPairs = std::vector<std::pair<std::string, std::string>>;

TextPairs LabelsOf(const MetricConfig& metric) {
  TextPairs labels;
  for (const LabelTemplate& label : metric.labels) {
    labels.emplace_back(label.name, label.text);
  }
  std::ranges::sort(labels);
  return labels;
}

TextPairs TextsOf(const std::vector<RowCondition>& conditions) {
  TextPairs texts;
  for (const RowCondition& condition : conditions) {
    texts.emplace_back(condition.field, condition.pattern.expression());
  }
  std::ranges::sort(texts);
  return texts;
}

// Both metrics would give the same series from every output: same labels, and
// no `where`, pattern or field that separates their rows.
bool AreAlike(const MetricConfig& a, const MetricConfig& b) {
  const auto pattern = [](const MetricConfig& metric) {
    return metric.pattern ? metric.pattern->expression() : std::string{};
  };
  return std::tie(a.value_label, a.values) ==
             std::tie(b.value_label, b.values) &&
         LabelsOf(a) == LabelsOf(b) && TextsOf(a.where) == TextsOf(b.where) &&
         TextsOf(a.where_not) == TextsOf(b.where_not) &&
         pattern(a) == pattern(b);
}

void CheckWithin(const CollectorConfig& collector, Problems& problems) {
  const std::vector<MetricConfig>& metrics = collector.metrics;
  for (auto metric = metrics.begin(); metric != metrics.end(); ++metric) {
    const auto twin =
        std::find_if(metrics.begin(), metric, [&](const MetricConfig& earlier) {
          return earlier.name == metric->name && AreAlike(earlier, *metric);
        });
    if (twin == metric || metric->name.empty()) {
      continue;
    }
    problems.Error(metric->position,
                   "collector " + Quote(collector.name) + ", metric " +
                       Quote(metric->name) +
                       ": the same metric with the same labels is at " +
                       ToString(twin->position) +
                       ": rename one, or tell them apart by labels, where or "
                       "pattern");
  }
}

struct FirstUse {
  const CollectorConfig* collector{};
  const MetricConfig* metric{};
};

void CheckTypes(const std::vector<CollectorConfig>& collectors,
                Problems& problems) {
  std::map<std::string_view, FirstUse> seen;
  for (const CollectorConfig& collector : collectors) {
    if (!collector.enabled) {
      continue;
    }
    for (const MetricConfig& metric : collector.metrics) {
      const auto [first, is_new] =
          seen.emplace(metric.name, FirstUse{&collector, &metric});
      const MetricType type = EffectiveType(metric);
      const MetricType other = EffectiveType(*first->second.metric);
      if (is_new || metric.name.empty() || type == other) {
        continue;
      }
      problems.Error(metric.position,
                     "collector " + Quote(collector.name) + ", metric " +
                         Quote(metric.name) + ": its type is " +
                         std::string(NameOf(type)) + " here, but " +
                         std::string(NameOf(other)) + " in collector " +
                         Quote(first->second.collector->name) + " at " +
                         ToString(first->second.metric->position) +
                         ": give both the same type");
    }
  }
}

}  // namespace

void CheckAcross(const std::vector<CollectorConfig>& collectors,
                 Problems& problems) {
  CheckCollectorNames(collectors, problems);
  for (const CollectorConfig& collector : collectors) {
    CheckWithin(collector, problems);
  }
  CheckTypes(collectors, problems);
}

}  // namespace command_exporter
