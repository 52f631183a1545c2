#include "collectors/formats/table/grouping_choice.hpp"

#include <algorithm>
#include <utility>

#include "collectors/formats/rows.hpp"

namespace command_exporter {
namespace {

// Without the names that nobody can use.
void Reduce(std::vector<RowReading>& readings,
            std::span<const std::size_t> columns) {
  const auto is_unused = [columns](std::size_t name) {
    return columns[name] == Rows::kNoColumn;
  };
  for (RowReading& reading : readings) {
    std::erase_if(reading.cells,
                  [&](const TableCell& cell) { return is_unused(cell.name); });
    // A doubt between a name and an unused one is one about the name.
    std::vector<TableDoubt> doubts;
    for (const TableDoubt& doubt : reading.doubts) {
      for (std::size_t i = doubt.first_name; i <= doubt.last_name; ++i) {
        if (!is_unused(i)) {
          doubts.push_back(
              {.field = doubt.field, .first_name = i, .last_name = i});
        }
      }
    }
    reading.doubts = std::move(doubts);
  }
}

// All rows under one grouping.
struct Attempt {
  MeasuredPlaces places{};
  std::vector<RowReading> readings{};
  std::size_t full_rows{};
};

// The attempts that are as good as each other.
class Candidates {
 public:
  void Add(const Attempt& attempt) {
    differ_ = differ_ ||
              (chosen_ && !std::ranges::equal(chosen_->readings,
                                              attempt.readings, SameMeaning));
    if (!chosen_ || attempt.full_rows > chosen_->full_rows) {
      chosen_ = attempt;
    }
  }

  bool empty() const { return !chosen_; }

  // One full row may be one by chance, if another grouping leaves it in doubt.
  bool CanChoose(bool is_in_doubt) const {
    const std::size_t least = is_in_doubt ? 2 : 1;
    return chosen_ && !differ_ && chosen_->full_rows >= least;
  }

  // Requires: CanChoose() was true.
  const MeasuredPlaces& places() const { return chosen_->places; }

 private:
  std::optional<Attempt> chosen_;
  bool differ_ = false;
};

}  // namespace

Result<MeasuredPlaces, GroupingProblem> ChooseGrouping(
    const HeaderLine& header, std::span<const HeaderGrouping> groupings,
    TableRows& rows, const TableShape& shape,
    std::span<const std::size_t> columns, Clock::time_point until) {
  Candidates lined_up;
  Candidates readable;
  std::optional<TableProblem> problem;
  bool is_in_doubt = false;
  for (const HeaderGrouping& grouping : groupings) {
    if (Clock::now() >= until) {
      return GroupingProblem{.is_late = true};
    }
    MeasuredPlaces places = header.Places(grouping);
    auto readings = rows.Read(places, shape);
    if (!readings) {
      const TableProblem& found = readings.error();
      problem = !problem || found.has_full_row ? found : problem;
      is_in_doubt = is_in_doubt || found.problem.fault == RowFault::kPushed;
      continue;
    }
    if (readings->empty()) {
      return places;
    }
    Attempt attempt{.places = std::move(places)};
    attempt.full_rows = static_cast<std::size_t>(
        std::ranges::count_if(*readings, &RowReading::IsFull));
    const bool all_line_up =
        std::ranges::all_of(*readings, &RowReading::lines_up);
    Reduce(*readings, columns);
    attempt.readings = *std::move(readings);
    readable.Add(attempt);
    if (all_line_up) {
      lined_up.Add(attempt);
    }
  }
  if (lined_up.CanChoose(is_in_doubt)) {
    return lined_up.places();
  }
  if (problem && problem->has_full_row) {
    return GroupingProblem{.row = problem, .is_certain = true};
  }
  if (readable.CanChoose(is_in_doubt)) {
    return readable.places();
  }
  return GroupingProblem{.row = readable.empty() ? problem : std::nullopt};
}

}  // namespace command_exporter
