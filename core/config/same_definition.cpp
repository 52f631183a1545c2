#include "core/config/same_definition.hpp"

namespace command_exporter {
namespace {

CollectorConfig WithoutNames(CollectorConfig collector) {
  collector.enabled = true;
  collector.absent = false;
  collector.description.clear();
  collector.matrix.clear();
  collector.examples.clear();
  return collector;
}

}  // namespace

bool HaveSameDefinition(const CollectorConfig& a, const CollectorConfig& b) {
  return WithoutNames(a) == WithoutNames(b);
}

}  // namespace command_exporter
