// Where a name or a field stands in its line, and how two places relate.
//
// A program that aligns a table puts a cell where its name stands in the
// header: cell and name begin or end in the same position. A value longer than
// its column pushes the rest of its line to the right. These few relations are
// all that the rules of a table need.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_PLACE_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_PLACE_HPP_

#include <algorithm>
#include <cstdint>

namespace command_exporter {

// From the first position to the one behind the last.
struct Place {
  std::int64_t begin{};
  std::int64_t end{};
  std::int64_t tabs{};  // in the gap in front
};

// They share a position.
constexpr bool StandsUnder(Place field, Place name) {
  return field.begin < name.end && field.end > name.begin;
}

// They share a position, or there is no position between them.
constexpr bool StandsAt(Place field, Place name) {
  return field.begin <= name.end && field.end >= name.begin;
}

// They begin or end together: a cell that nothing has pushed.
constexpr bool LinesUp(Place field, Place name) {
  return field.begin == name.begin || field.end == name.end;
}

// The least push that puts a cell of `name` where the field stands.
constexpr std::int64_t Moved(Place field, Place name) {
  return std::min(field.begin - name.begin, field.end - name.end);
}

// How far a cell of `name` may have pushed the fields behind it.
constexpr std::int64_t SticksOut(Place field, Place name) {
  return std::max(
      {std::int64_t{0}, field.begin - name.begin, field.end - name.end});
}

// The field is `amount` to the right of where a cell of `name` would line up.
constexpr bool IsMovedBy(std::int64_t amount, Place field, Place name) {
  return field.begin - name.begin == amount || field.end - name.end == amount;
}

// One amount explains both places.
constexpr bool AreMovedAlike(Place field, Place name, Place other,
                             Place other_name) {
  return IsMovedBy(field.begin - name.begin, other, other_name) ||
         IsMovedBy(field.end - name.end, other, other_name);
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_TABLE_PLACE_HPP_
