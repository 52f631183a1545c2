// The value of a family with one sample, for tests.
//
// Thread safety: pure.
#ifndef COMMAND_EXPORTER_TESTS_CORE_SCRAPE_VALUES_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_SCRAPE_VALUES_HPP_

#include <limits>
#include <string>

#include "core/metrics/families.hpp"

namespace command_exporter {

inline double ValueOf(const MetricFamilies& families, const std::string& name) {
  for (const prometheus::MetricFamily& family : families) {
    if (family.name == name) {
      return family.type == prometheus::MetricType::Counter
                 ? family.metric.at(0).counter.value
                 : family.metric.at(0).gauge.value;
    }
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_SCRAPE_VALUES_HPP_
