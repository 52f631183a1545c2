#include "collectors/formats/table/row_push.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "collectors/formats/table/name_range.hpp"

namespace command_exporter {
namespace {

constexpr std::int64_t kCloseBehind = 2;

std::int64_t Gap(const PlacedRow& row, std::size_t field) {
  return row.fields[field].place.begin - row.fields[field - 1].place.end;
}

// Nothing stands off its name to the left, and something to the right.
std::vector<std::size_t> FieldsRightOfNames(const PlacedRow& row) {
  std::vector<std::size_t> off;
  for (std::size_t i = 0; i < row.names.size(); ++i) {
    const Place field = row.fields[i].place;
    if (StandsAt(field, row.names[i])) {
      continue;
    }
    if (field.begin < row.names[i].end) {
      return {};
    }
    off.push_back(i);
  }
  return off;
}

// A field begins where the rest does, so it is the rest, and a cell is blank.
bool RestBeginsEarlier(const PlacedRow& row) {
  const auto before_last = row.fields.first(row.names.size() - 1);
  return std::ranges::any_of(before_last, [&row](const TableField& field) {
    return field.place.begin == row.names.back().begin;
  });
}

// From some field on, three or more are moved by one amount, which the field
// before them sticks out.
bool IsOnePush(const PlacedRow& row, std::span<const std::size_t> off,
               std::int64_t amount) {
  constexpr std::size_t kLeast = 3;
  const std::size_t names = row.names.size();
  std::size_t first = names;
  while (first > 0 &&
         IsMovedBy(amount, row.fields[first - 1].place, row.names[first - 1])) {
    --first;
  }
  return amount > 0 && first > 0 && first <= off.front() &&
         names - first >= kLeast && Gap(row, first) <= kCloseBehind &&
         amount <= SticksOut(row.fields[first - 1].place, row.names[first - 1]);
}

// The field is moved as the one before, or directly behind it.
bool FollowsPush(const PlacedRow& row, std::size_t field) {
  if (field == 0) {
    return false;
  }
  const Place here = row.fields[field].place;
  const Place name = row.names[field];
  const Place before = row.fields[field - 1].place;
  const Place name_before = row.names[field - 1];
  return Moved(here, name) <= SticksOut(before, name_before) &&
         (AreMovedAlike(here, name, before, name_before) ||
          Gap(row, field) <= kCloseBehind || StandsUnder(before, name));
}

// The number of names that are used up with a cell at this place, if `used` of
// them are before; none if no cell can be there. With a rest, each cell stands
// under one name alone.
std::optional<std::size_t> UsedNames(const PlacedRow& row, Place cell,
                                     std::size_t used) {
  const NameRange over = NamesOver(row.names, cell);
  if (over.size() == 0 || over.first < used ||
      (row.takes_rest && over.size() > 1)) {
    return std::nullopt;
  }
  return over.end;
}

}  // namespace

bool IsPushed(const PlacedRow& row) {
  const std::vector<std::size_t> off = FieldsRightOfNames(row);
  if (off.empty() || (row.takes_rest && RestBeginsEarlier(row))) {
    return false;
  }
  if (!row.takes_rest) {
    return std::ranges::all_of(
        off, [&row](std::size_t field) { return FollowsPush(row, field); });
  }
  const Place field = row.fields[off.front()].place;
  const Place name = row.names[off.front()];
  return IsOnePush(row, off, field.begin - name.begin) ||
         IsOnePush(row, off, field.end - name.end);
}

bool CanBeUnpushed(const PlacedRow& row) {
  constexpr std::size_t kMostJoined = 64;
  constexpr std::size_t kNever = static_cast<std::size_t>(-1);
  const std::size_t count = row.fields.size();
  // For each number of fields: the fewest names that they can use up.
  std::vector<std::size_t> used(count + 1, kNever);
  used[0] = 0;
  for (std::size_t first = 0; first < count; ++first) {
    Place cell = row.fields[first].place;
    if (used[first] == kNever) {
      continue;
    }
    if (row.takes_rest && cell.begin >= row.names.back().begin) {
      return true;
    }
    for (std::size_t last = first;
         last < count && (last == first || row.fields[last].is_tight); ++last) {
      if (last - first == kMostJoined) {
        return true;
      }
      cell.end = row.fields[last].place.end;
      const auto names = UsedNames(row, cell, used[first]);
      if (row.takes_rest && names == row.names.size()) {
        return true;
      }
      if (names) {
        used[last + 1] = std::min(used[last + 1], *names);
      }
    }
  }
  return used[count] != kNever;
}

}  // namespace command_exporter
