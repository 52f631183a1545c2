// Series: when two samples of one name are the same series.
//
// Labels are compared as sets, and an empty value is an absent label, as
// Prometheus sees them. The hash does not depend on their order, so that
// nothing has to be sorted; equal hashes are compared in full. With 100,000
// samples a scrape, this is one table and no string per sample.
// https://prometheus.io/docs/concepts/data_model/
//
// Thread safety: pure functions; a SeriesIndex has one owner.
#ifndef COMMAND_EXPORTER_CORE_METRICS_SERIES_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_SERIES_HPP_

#include <prometheus/client_metric.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace command_exporter {

using Label = prometheus::ClientMetric::Label;

struct LabelView {
  std::string_view name{};
  std::string_view value{};
};

std::uint64_t HashLabels(std::span<const Label> labels);
std::uint64_t HashLabels(std::span<const LabelView> labels);

// Requires: no name stands twice on either side.
bool SameLabels(std::span<const Label> left, std::span<const Label> right);
bool SameLabels(std::span<const Label> left, std::span<const LabelView> right);

// The labels as clients get them that take no names in quotes.
std::vector<Label> UnderscoredLabels(std::span<const Label> labels);

// The first name that stands there twice; empty if none.
std::string_view RepeatedLabel(std::span<const Label> labels);
std::string_view RepeatedLabel(std::span<const LabelView> labels);

// `foo{a="b"}` or `{"foo.bar",a="b"}` for a message: printable and cut where it
// is long.
std::string DescribeSeries(std::string_view name,
                           std::span<const Label> labels);
std::string DescribeSeries(std::string_view name,
                           std::span<const LabelView> labels);

// Where a series is kept: the place of its family and of its metric there.
struct SeriesId {
  std::uint32_t family{};
  std::uint32_t metric{};
};

// A set of series, which are kept elsewhere. An open-addressing hash table.
class SeriesIndex {
 public:
  // The series in `family` with labels of `hash` for which `same(SeriesId)` is
  // true, or null after `id` was inserted.
  template <typename Same>
  const SeriesId* FindOrInsert(std::uint64_t hash, SeriesId id, Same same) {
    if ((used_ + 1) * 2 > slots_.size()) {
      Grow(slots_.size() * 2);
    }
    const std::uint32_t key = WithFamily(hash, id.family);
    std::size_t at = key & Mask();
    for (; slots_[at].IsUsed(); at = (at + 1) & Mask()) {
      const Slot& slot = slots_[at];
      if (slot.key == key && slot.id.family == id.family && same(slot.id)) {
        return &slot.id;
      }
    }
    slots_[at] = {key, id};
    ++used_;
    return nullptr;
  }

  // Asks for the memory where such a series is or will be. Who knows several
  // hashes should ask for all of them before it looks for the first.
  void Prefetch(std::uint64_t hash, std::uint32_t family) const {
    if (!slots_.empty()) {
      __builtin_prefetch(&slots_[WithFamily(hash, family) & Mask()]);
    }
  }

  // Room for so many more, so that it grows once.
  void Reserve(std::size_t more);
  void Clear();

 private:
  static constexpr std::uint32_t kNoFamily = 0xFFFFFFFF;

  // Small, because with 100,000 samples touching the table is what costs. The
  // key is half of the hash: equal keys are compared in full anyway.
  struct Slot {
    std::uint32_t key{};
    SeriesId id{kNoFamily, 0};

    bool IsUsed() const { return id.family != kNoFamily; }
  };

  std::size_t Mask() const { return slots_.size() - 1; }

  static std::uint32_t WithFamily(std::uint64_t hash, std::uint32_t family);
  void Grow(std::size_t size);

  std::vector<Slot> slots_;  // a power of two of them, at least half free
  std::size_t used_ = 0;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_SERIES_HPP_
