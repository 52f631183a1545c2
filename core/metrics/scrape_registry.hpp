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
// already present is dropped (duplicate); reserved names are dropped: they are
// the exporter's own. Labels are compared as sets; an empty label value is an
// absent label. A histogram or summary also owns the names of its further
// samples (NAME_sum, NAME_count, NAME_bucket). Label names do not begin with
// `_` and are unique, label values UTF-8 (label). What is longer, or more, than
// core/base/names.hpp allows is left out, too.
//
// Names may be of any UTF-8, which only clients see that take names in quotes;
// others see a `_` for each character that is not legal. All rules are decided
// by the latter form, for all clients: `scrape.x` is reserved, `disk.free` and
// `disk_free` are one name, of which the first spelling stays (duplicate), and
// a sample cannot have the labels `a.b` and `a_b`. So every client gets the
// same series, and what is dropped does not depend on who asks. The price: a
// name must begin with a letter (a metric's with a colon, too).
//
// Thread safety: one thread fills it; Collect() may then be called by any.
// Invariant: what Collect() returns is a valid exposition for our writers with
// any NameScheme.
#ifndef COMMAND_EXPORTER_CORE_METRICS_SCRAPE_REGISTRY_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_SCRAPE_REGISTRY_HPP_

#include <prometheus/collectable.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/metrics/drops.hpp"
#include "core/metrics/families.hpp"
#include "core/metrics/series.hpp"
#include "core/metrics/series_index.hpp"

namespace command_exporter {

class ScrapeRegistry final : public prometheus::Collectable {
 public:
  // Families of a collector. Returns what was left out; where the family of
  // another collector is in the way, the text of the drop names it by the
  // `owner` that it was added with.
  Drops Add(MetricFamilies families, std::string owner = {});
  // Families of the exporter itself, unchecked.
  // Requires: reserved names only, valid, each once in a scrape.
  void AddOwn(MetricFamilies families);

  // The families in name order.
  std::vector<prometheus::MetricFamily> Collect() const override;
  // As Collect, without the copy; the registry is empty afterwards.
  MetricFamilies Take();

 private:
  // From the metric `first` on, a family's metrics are of this owner.
  struct Part {
    std::size_t first{};
    std::size_t owner{};  // into owners_
  };

  struct Fault {
    DropReason reason{};
    std::string what{};
  };

  // ", from OWNER" for the metric of that family; empty when it is of the
  // collector that is being added.
  std::string FromWhom(std::size_t family, std::size_t metric) const;
  // Why a family may not stay; `name` is its name without quotes.
  std::optional<Fault> FindFault(const prometheus::MetricFamily& family,
                                 const std::string& name) const;
  // What stands in the way of a name or type; empty if nothing.
  std::string FindRival(prometheus::MetricType type,
                        const std::string& name) const;
  void MergeFamily(prometheus::MetricFamily family, std::string name,
                   Drops& drops);
  // Appends to families_[family] what may stay.
  void MergeMetrics(std::size_t family,
                    std::vector<prometheus::ClientMetric> metrics,
                    Drops& drops);
  // True when `metric`, whose labels have that hash, may stay as `id`.
  bool Accept(SeriesId id, std::uint64_t hash,
              const prometheus::ClientMetric& metric, Drops& drops);
  // The series with such labels, whose names are legal, or null after `id` was
  // inserted.
  const SeriesId* FindOrInsert(SeriesId id, std::uint64_t hash,
                               const std::vector<Label>& labels);
  // The same for labels of any name.
  const SeriesId* FindOrInsertUnderscored(SeriesId id,
                                          const std::vector<Label>& labels);

  MetricFamilies families_;
  // Name without quotes -> families_.
  std::unordered_map<std::string, std::size_t> index_;
  SeriesIndex series_;
  bool has_legal_labels_ = false;  // of the metric that was merged last
  std::vector<std::string> owners_;
  std::vector<std::vector<Part>> parts_;  // of families_, from the front
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_SCRAPE_REGISTRY_HPP_
