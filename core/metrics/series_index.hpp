// SeriesIndex: which series are there, of those that are kept elsewhere.
//
// With 100,000 samples a scrape, this is one table and no string per sample:
// who asks brings the hash and compares what has an equal one.
//
// Thread safety: none; an index has one owner.
#ifndef COMMAND_EXPORTER_CORE_METRICS_SERIES_INDEX_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_SERIES_INDEX_HPP_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/metrics/series.hpp"

namespace command_exporter {

// Where a series is kept: the place of its family and of its metric there.
struct SeriesId {
  std::uint32_t family{};
  std::uint32_t metric{};
};

// An open-addressing hash table.
class SeriesIndex {
 public:
  // The series in `family` with labels of `hash` for which `same(SeriesId)` is
  // true, or null after `id` was inserted.
  template <typename Same>
  const SeriesId* FindOrInsert(std::uint64_t hash, SeriesId id, Same same) {
    if ((used_ + 1) * 2 > slots_.size()) {
      Grow(slots_.size() * 2);
    }
    const std::uint32_t key = KeyOf(hash, id.family);
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
      __builtin_prefetch(&slots_[KeyOf(hash, family) & Mask()]);
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

  static std::uint32_t KeyOf(std::uint64_t hash, std::uint32_t family) {
    return static_cast<std::uint32_t>(HashInFamily(hash, family));
  }

  void Grow(std::size_t size);

  std::vector<Slot> slots_;  // a power of two of them, at least half free
  std::size_t used_ = 0;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_SERIES_INDEX_HPP_
