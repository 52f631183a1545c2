// ScrapeRegistry: the registry of a scrape.
//
// Each scrape fills a fresh one with the families of every collector, in
// configuration order. It is where the promise "one collector's mistake costs
// that collector only" is kept: names and labels are validated, families of
// one name are merged, and what cannot be merged is dropped and counted. It is
// not prometheus::Registry, which keeps series that a command no longer prints,
// knows no untyped metrics and is several times slower to refill; but it is a
// prometheus::Collectable, so it may be registered with an Exposer.
//
// Rules: a family with another TYPE than an earlier one is dropped
// (type_conflict); with another HELP, the first HELP is used; a series that is
// already present is dropped (duplicate); reserved names are dropped unless
// the source is the exporter itself. Labels are compared as sets; an empty
// label value is an absent label.
//
// Thread safety: one thread fills it; Collect() may then be called by any.
// Invariant: what Collect() returns is a valid exposition for any writer.
#ifndef COMMAND_EXPORTER_CORE_METRICS_SCRAPE_REGISTRY_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_SCRAPE_REGISTRY_HPP_

#include <prometheus/collectable.h>

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/metrics/drops.hpp"
#include "core/metrics/families.hpp"

namespace command_exporter {

class ScrapeRegistry final : public prometheus::Collectable {
 public:
  // Families of a collector. Returns what was left out.
  Drops Add(MetricFamilies families);
  // Families of the exporter itself: reserved names are allowed.
  // Requires: they are valid and unique.
  void AddOwn(MetricFamilies families);

  // The families in name order.
  std::vector<prometheus::MetricFamily> Collect() const override;
  // As Collect, without the copy; the registry is empty afterwards.
  MetricFamilies Take();

 private:
  Drops Merge(MetricFamilies families, bool own);

  MetricFamilies families_;
  std::unordered_map<std::string, std::size_t> index_;  // name -> families_
  // One set a family: its series' labels, sorted and joined.
  std::vector<std::unordered_set<std::string>> series_;
  // Sample names that a histogram or summary stands for (name_sum, ...).
  std::unordered_map<std::string, std::size_t> derived_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_SCRAPE_REGISTRY_HPP_
