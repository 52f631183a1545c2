// OptionalSeries: which of a collector's optional series it has.
//
// A healthy collector has few series, because most of the others would be 0 for
// ever. An optional series exists once there was something to report, and from
// then on for as long as the exporter runs: a series that comes and goes cannot
// be used in a rate or in an alert.
//
// Thread safety: plain values.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_OPTIONAL_SERIES_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_OPTIONAL_SERIES_HPP_

#include <bitset>

#include "core/base/reason.hpp"

namespace command_exporter {

struct OptionalSeries {
  std::bitset<kReasonNames.size()> failures{};
  std::bitset<kDropReasonNames.size()> drops{};
  bool stuck{};
  bool unmatched_lines{};
  bool output_bytes{};

  static OptionalSeries All() {
    OptionalSeries all{{}, {}, true, true, true};
    all.failures.set();
    all.drops.set();
    return all;
  }

  void Add(const OptionalSeries& other) {
    failures |= other.failures;
    drops |= other.drops;
    stuck = stuck || other.stuck;
    unmatched_lines = unmatched_lines || other.unmatched_lines;
    output_bytes = output_bytes || other.output_bytes;
  }
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_OPTIONAL_SERIES_HPP_
