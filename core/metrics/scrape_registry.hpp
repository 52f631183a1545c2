// ScrapeRegistry: the registry of a scrape.
//
// Each scrape fills a new registry with the families of every collector, in
// configuration order. The registry keeps the promise that one collector's
// mistake costs only that collector: it validates names and labels, merges
// families of one name, and drops and counts what cannot be merged. It does not
// use prometheus::Registry, which keeps series that a command no longer prints,
// has no untyped metrics and is several times slower to refill. It is a
// prometheus::Collectable, so it may be registered with an Exposer.
//
// Rules: a family with another TYPE than an earlier one is dropped
// (type_conflict); a family with another HELP gets the first HELP; a series
// that is already present is dropped (duplicate); names reserved for the
// exporter are dropped (reserved). Labels are compared as sets; an empty label
// value is an absent label. A histogram or summary also owns the names of its
// further samples (NAME_sum, NAME_count, NAME_bucket). Label names must not
// begin with `_` and must be unique, label values must be UTF-8 (label).
// Whatever exceeds the limits of core/base/names.hpp is dropped, too.
//
// Names may be any UTF-8. Clients that accept quoted names get them unchanged;
// other clients get a `_` for each illegal character. All rules use the latter
// form, for all clients: `scrape.x` is reserved, `disk.free` and `disk_free`
// are one name, of which the first spelling is kept (duplicate), and a sample
// cannot have the labels `a.b` and `a_b`. Every client therefore gets the same
// series, and no drop depends on the client. The price: a name must begin with
// a letter (or, for a metric, a colon).
//
// Thread safety: one thread fills it; afterwards any thread may call Collect().
// Invariant: the result of Collect() is a valid exposition for our writers with
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
  // Adds families of a collector and returns the drops. If a family of another
  // collector causes a drop, the text of the drop names that collector by the
  // `owner` given here.
  Drops Add(MetricFamilies families, std::string owner = {});
  // Families of the exporter itself, unchecked.
  // Requires: reserved names only, valid, each once in a scrape.
  void AddOwn(MetricFamilies families);

  // The families in name order.
  std::vector<prometheus::MetricFamily> Collect() const override;
  // As Collect, without the copy; the registry is empty afterwards.
  MetricFamilies Take();

 private:
  // From the metric `first` on, a family's metrics belong to this owner.
  struct Part {
    std::size_t first{};
    std::size_t owner{};  // into owners_
  };

  struct Fault {
    DropReason reason{};
    std::string what{};
  };

  // ", from OWNER" for the metric of that family; empty when it belongs to the
  // collector that is being added.
  std::string FromWhom(std::size_t family, std::size_t metric) const;
  // The reason to drop a family; `name` is its name without quotes.
  std::optional<Fault> FindFault(const prometheus::MetricFamily& family,
                                 const std::string& name) const;
  // The family that conflicts with a name or type; empty if none.
  std::string FindRival(prometheus::MetricType type,
                        const std::string& name) const;
  void MergeFamily(prometheus::MetricFamily family, std::string name,
                   Drops& drops);
  // Appends the accepted metrics to families_[family].
  void MergeMetrics(std::size_t family,
                    std::vector<prometheus::ClientMetric> metrics,
                    Drops& drops);
  // True when `metric`, whose labels have that hash, is accepted as `id`.
  bool Accept(SeriesId id, std::uint64_t hash,
              const prometheus::ClientMetric& metric, Drops& drops);
  // The existing series with such labels, or null after `id` was inserted.
  // Requires: legal label names.
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
