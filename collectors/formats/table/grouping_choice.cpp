#include "collectors/formats/table/grouping_choice.hpp"

#include <algorithm>
#include <utility>

#include "collectors/formats/rows.hpp"
#include "collectors/formats/table/row_rules.hpp"

namespace command_exporter {
namespace {

// Without the names that nobody can use.
void Reduce(RowReading& reading, std::span<const std::size_t> columns) {
  const auto is_unused = [columns](std::size_t name) {
    return columns[name] == Rows::kNoColumn;
  };
  std::erase_if(reading.cells,
                [&](const TableCell& cell) { return is_unused(cell.name); });
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

// A grouping under which all rows so far can be read.
struct Attempt {
  MeasuredPlaces places{};
  std::size_t full_rows{};
  bool lines_up{true};   // all rows do
  std::size_t family{};  // equal: the same rows so far
  RowReading reading{};  // of the current row
};

class GroupingChoice {
 public:
  GroupingChoice(const GroupingTask& task,
                 std::span<const HeaderGrouping> groupings)
      : task_(task),
        rows_(task.rows),
        fields_(task.least) {
    for (const HeaderGrouping& grouping : groupings) {
      attempts_.push_back({.places = task.header.Places(grouping)});
    }
  }

  Result<ChosenGrouping, GroupingProblem> Choose() {
    constexpr std::size_t kClockEvery = 64;
    while (NeedsRows() && rows_.NextRow()) {
      if (++read_ % kClockEvery == 0 && Clock::now() >= task_.until) {
        return GroupingProblem{.is_late = true};
      }
      if (!ReadFittingRow()) {
        ReadRow();
        Separate();
      }
    }
    if (read_ == 0) {
      return ChosenGrouping{.places = attempts_.front().places};
    }
    if (NeedsRows() || attempts_.empty()) {
      return Decide();
    }
    return ChosenGrouping{attempts_.front().places, Least()};
  }

 private:
  // Not if there is one grouping left, and none that was as good.
  bool NeedsRows() const { return attempts_.size() > 1 || is_certain_; }

  // One full row may be one by chance.
  std::size_t Least() const { return is_in_doubt_ ? 2 : 1; }

  // A row that fits the names of all groupings is the same under all of them.
  bool ReadFittingRow() {
    const std::size_t names = task_.columns.size();
    fields_.Split(rows_.line(), rows_.start(), names);
    if (!task_.shape.has_ascii_header || !fields_.is_plain() ||
        fields_.size() < names) {
      return false;
    }
    const auto placed = [this](const Attempt& attempt) {
      return PlacedRow{.fields = fields_.all(),
                       .names = attempt.places.front(),
                       .takes_rest = true,
                       .is_wide = task_.shape.is_wide};
    };
    if (!std::ranges::all_of(attempts_, FitsNames, placed)) {
      return false;
    }
    for (Attempt& attempt : attempts_) {
      const PlacedRow row = placed(attempt);
      const bool lines_up = LinesUp(row, {.cells = CellsInOrder(row)});
      attempt.full_rows += lines_up ? 1U : 0U;
      attempt.lines_up = attempt.lines_up && lines_up;
    }
    return true;
  }

  void ReadRow() {
    fields_.Split(rows_.line(), rows_.start());
    std::erase_if(attempts_, [this](Attempt& attempt) {
      auto reading = ReadMeasuredRow(fields_, attempt.places, task_.shape);
      if (!reading) {
        NoteProblem(reading.error(), attempt.full_rows > 0);
        return true;
      }
      attempt.full_rows += reading->IsFull() ? 1U : 0U;
      attempt.lines_up = attempt.lines_up && reading->lines_up;
      attempt.reading = *std::move(reading);
      Reduce(attempt.reading, task_.columns);
      return false;
    });
  }

  void NoteProblem(const RowProblem& problem, bool had_full_row) {
    is_in_doubt_ = is_in_doubt_ || problem.fault != RowFault::kSameName;
    if (!problem_ || (had_full_row && !is_certain_)) {
      problem_ = TableProblem{problem, rows_};
    }
    is_certain_ = is_certain_ || had_full_row;
  }

  // Attempts of one family that read the row differently are none any more.
  void Separate() {
    std::vector<std::size_t> families;
    for (const Attempt& attempt : attempts_) {
      std::size_t same = 0;
      while (attempts_[same].family != attempt.family ||
             !SameMeaning(attempts_[same].reading, attempt.reading)) {
        ++same;
      }
      families.push_back(same);
    }
    for (std::size_t i = 0; i < attempts_.size(); ++i) {
      attempts_[i].family = families[i];
    }
  }

  // The best of these, if they give the same rows and it has full ones.
  template <typename Condition>
  const Attempt* Best(Condition condition) const {
    const Attempt* best = nullptr;
    for (const Attempt& attempt : attempts_) {
      if (!condition(attempt)) {
        continue;
      }
      if (best != nullptr && best->family != attempt.family) {
        return nullptr;
      }
      if (best == nullptr || attempt.full_rows > best->full_rows) {
        best = &attempt;
      }
    }
    return best != nullptr && best->full_rows >= Least() ? best : nullptr;
  }

  Result<ChosenGrouping, GroupingProblem> Decide() const {
    const Attempt* chosen =
        Best([](const Attempt& attempt) { return attempt.lines_up; });
    if (chosen == nullptr && is_certain_) {
      return GroupingProblem{.row = problem_, .is_certain = true};
    }
    if (chosen == nullptr) {
      chosen = Best([](const Attempt&) { return true; });
    }
    if (chosen == nullptr) {
      return GroupingProblem{.row =
                                 attempts_.empty() ? problem_ : std::nullopt};
    }
    return ChosenGrouping{.places = chosen->places};
  }

  const GroupingTask& task_;
  RowCursor rows_;
  LineFields fields_;
  std::size_t read_ = 0;  // rows
  std::vector<Attempt> attempts_;
  std::optional<TableProblem> problem_;
  bool is_certain_ = false;   // the problem's grouping had a full row
  bool is_in_doubt_ = false;  // a grouping failed, but is not refuted
};

}  // namespace

Result<ChosenGrouping, GroupingProblem> ChooseGrouping(
    const GroupingTask& task, std::span<const HeaderGrouping> groupings) {
  return GroupingChoice(task, groupings).Choose();
}

}  // namespace command_exporter
