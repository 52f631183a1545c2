#include "core/metrics/series_index.hpp"

#include <algorithm>
#include <bit>

#include "core/base/huge_pages.hpp"

namespace command_exporter {

namespace {

constexpr std::size_t kFirstSlots = 64;

}  // namespace

void SeriesIndex::Reserve(std::size_t more) {
  const std::size_t needed = std::bit_ceil((used_ + more) * 2);
  if (needed > slots_.size()) {
    Grow(needed);
  }
}

void SeriesIndex::Grow(std::size_t size) {
  std::vector<Slot> old;
  old.reserve(std::max(size, kFirstSlots));
  AskForHugePages(old);  // before the first touch
  old.resize(std::max(size, kFirstSlots));
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.IsUsed()) {
      std::size_t at = slot.key & mask;
      while (slots_[at].IsUsed()) {
        at = (at + 1) & mask;
      }
      slots_[at] = slot;
    }
  }
}

void SeriesIndex::Clear() {
  slots_.clear();
  used_ = 0;
}

}  // namespace command_exporter
