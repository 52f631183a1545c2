// NameRange: the names that a field may belong to by its place.
//
// The names of a header stand in order and apart, so those at a place are
// neighbours, and are found without looking at all of them.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_NAME_RANGE_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_NAME_RANGE_HPP_

#include <algorithm>
#include <cstddef>
#include <span>

#include "collectors/formats/table/place.hpp"

namespace command_exporter {

// From `first` to before `end`.
struct NameRange {
  std::size_t first{};
  std::size_t end{};

  std::size_t size() const { return first < end ? end - first : 0; }
};

// Those that share a position with the field.
inline NameRange NamesOver(std::span<const Place> names, Place field) {
  const auto first =
      std::ranges::upper_bound(names, field.begin, {}, &Place::end);
  const auto end =
      std::ranges::lower_bound(names, field.end, {}, &Place::begin);
  return {static_cast<std::size_t>(first - names.begin()),
          static_cast<std::size_t>(end - names.begin())};
}

// Those that share a position with the field; if none does, those beside it.
inline NameRange NamesAt(std::span<const Place> names, Place field) {
  const NameRange over = NamesOver(names, field);
  if (over.size() > 0) {
    return over;
  }
  const auto first =
      std::ranges::lower_bound(names, field.begin, {}, &Place::end);
  const auto end =
      std::ranges::upper_bound(names, field.end, {}, &Place::begin);
  return {static_cast<std::size_t>(first - names.begin()),
          static_cast<std::size_t>(end - names.begin())};
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_NAME_RANGE_HPP_
