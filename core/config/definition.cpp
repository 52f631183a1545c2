#include "core/config/definition.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace command_exporter {
namespace {

// nan is not equal to itself, so a number that nobody writes stands for it.
void MakeComparable(double& number) {
  if (std::isnan(number)) {
    number = std::numeric_limits<double>::denorm_min();
  }
}

void MakeComparable(std::optional<double>& number) {
  if (number) {
    MakeComparable(*number);
  }
}

void Sort(std::vector<RowCondition>& conditions) {
  std::ranges::sort(conditions, {}, &RowCondition::field);
}

void MakeComparable(MetricConfig& metric) {
  MakeComparable(metric.constant);
  MakeComparable(metric.default_value);
  for (auto& [text, number] : metric.map) {
    MakeComparable(number);
  }
  std::ranges::sort(metric.labels, {}, &LabelTemplate::name);
  Sort(metric.where);
  Sort(metric.where_not);
}

}  // namespace

CollectorConfig DefinitionOf(CollectorConfig collector) {
  collector.enabled = true;
  collector.absent = false;
  collector.description.clear();
  collector.matrix.clear();
  collector.examples.clear();
  for (MetricConfig& metric : collector.metrics) {
    MakeComparable(metric);
  }
  return collector;
}

}  // namespace command_exporter
