#include "collectors/formats/table/row_by_place.hpp"

#include <algorithm>
#include <optional>

#include "collectors/formats/table/name_range.hpp"

namespace command_exporter {
namespace {

class PlaceReader {
 public:
  explicit PlaceReader(const PlacedRow& row) : row_(row) {}

  // The first `count` fields, from the left.
  std::optional<RowProblem> Read(std::size_t count) {
    for (std::size_t field = 0; field < count; ++field) {
      if (auto problem = Add(field)) {
        return problem;
      }
    }
    return std::nullopt;
  }

  RowReading& reading() { return reading_; }

 private:
  const Place& At(std::size_t field) const { return row_.fields[field].place; }

  std::optional<RowProblem> Add(std::size_t field) {
    const NameRange hits = NamesAt(row_.names, At(field));
    if (hits.size() == 0) {
      return RowProblem{RowFault::kUnderNone, field, 0, 0};
    }
    if (hits.first < free_) {
      return RowProblem{RowFault::kSameName, field, hits.first, hits.first};
    }
    const std::size_t last = hits.end - 1;
    if (field > 0 && MayBeOneCell(row_.fields[field - 1], row_.names[leftmost_],
                                  row_.fields[field], row_.names[hits.first])) {
      return RowProblem{RowFault::kOneCell, field, leftmost_, hits.first};
    }
    if (hits.first < last && row_.is_wide) {
      return RowProblem{RowFault::kUnderSeveral, field, hits.first, last};
    }
    const std::size_t first = Leftmost(field, hits.first);
    if (first < last) {
      reading_.doubts.push_back({field, first, last, first == hits.first});
    } else {
      reading_.cells.push_back({first, field, field});
    }
    AddPush(At(field), row_.names[first]);
    leftmost_ = first;
    free_ = hits.end;
    return std::nullopt;
  }

  // The leftmost name from which the field may have been pushed.
  std::size_t Leftmost(std::size_t field, std::size_t name) const {
    constexpr std::int64_t kFarBehind = 4;
    if (field == 0 ||
        (row_.is_wide && At(field).begin == row_.names[name].begin &&
         At(field).begin - At(field - 1).end >= kFarBehind)) {
      return name;
    }
    while (name > leftmost_ + 1 &&
           Moved(At(field), row_.names[name - 1]) <= push_) {
      --name;
    }
    return name;
  }

  // The fields behind are pushed at most as far as this one is and may be, or
  // as far as it ends behind its name.
  void AddPush(Place field, Place name) {
    push_ = std::max({std::int64_t{0}, field.end - name.end,
                      std::min(push_, SticksOut(field, name))});
  }

  const PlacedRow& row_;
  RowReading reading_;
  std::int64_t push_ = 0;     // the most by which the next field is pushed
  std::size_t leftmost_ = 0;  // name of the field before
  std::size_t free_ = 0;      // name behind those of the fields before
};

}  // namespace

bool MayBeOneCell(const TableField& field, Place name, const TableField& next,
                  Place next_name) {
  return next.is_tight && !LinesUp(field.place, name) &&
         !LinesUp(next.place, next_name) &&
         !AreMovedAlike(field.place, name, next.place, next_name);
}

Result<RowReading, RowProblem> ReadByPlace(const PlacedRow& row) {
  const std::size_t fields = row.fields.size();
  const std::size_t last_name = row.names.size() - 1;
  std::size_t rest = fields;  // the field that the rest begins with
  if (row.takes_rest) {
    const auto found = std::ranges::find_if(
        row.fields, [end = row.names.back().begin](const TableField& field) {
          return field.place.end > end;
        });
    rest = static_cast<std::size_t>(found - row.fields.begin());
  }
  PlaceReader reader(row);
  if (const auto problem = reader.Read(std::min(rest + 1, fields))) {
    return *problem;
  }
  RowReading& reading = reader.reading();
  if (!row.takes_rest) {
    return std::move(reading);
  }
  for (const TableDoubt& doubt : reading.doubts) {
    if (doubt.last_name == last_name) {
      return RowProblem{RowFault::kPushed, doubt.field, doubt.first_name,
                        doubt.last_name};
    }
  }
  if (rest < fields &&
      (reading.cells.empty() || reading.cells.back().name != last_name)) {
    return RowProblem{RowFault::kUnderNone, rest, 0, 0};
  }
  if (!reading.cells.empty() && reading.cells.back().name == last_name) {
    reading.cells.back().last = fields - 1;
  }
  return std::move(reading);
}

}  // namespace command_exporter
