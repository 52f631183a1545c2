#include "collectors/formats/table/row_messages.hpp"

#include "core/base/text.hpp"

namespace command_exporter {
namespace {

constexpr std::string_view kNoBlankCells =
    "if no cell is ever blank, write header = false and columns";

std::string Field(const RowContext& row, std::size_t field) {
  return Quote(row.fields.Text(field));
}

std::string Name(const RowContext& row, std::size_t name) {
  return Quote(row.names[name + row.row_names]);
}

std::string Names(const RowContext& row, std::size_t first, std::size_t last,
                  std::string_view before_last) {
  std::string text;
  for (std::size_t i = first; i <= last; ++i) {
    text += i == first ? "" : (i == last ? before_last : ", ");
    text += Name(row, i);
  }
  return text;
}

// What to do if tabs are the separators, with `behind`; empty if there are none
// between the fields.
std::string TabAdvice(const RowContext& row, std::string_view behind) {
  constexpr std::string_view kAdvice =
      "write separator = \"\\t\" if one tab ends each cell";
  const bool has_tab = row.fields.line().find('\t', row.fields[0].begin) !=
                       std::string_view::npos;
  return has_tab ? std::string(kAdvice).append(behind) : std::string{};
}

// What to do about names of several words.
std::string NameAdvice(const RowContext& row) {
  return row.columns_to_paste.empty()
             ? ""
             : "; if that is one name, write " + row.columns_to_paste;
}

// What to do about cells of several words.
std::string CellAdvice(const RowContext& row) {
  return row.is_wide ? "; " + std::string(kNoBlankCells)
                     : "; if cells hold single blanks, write separator = \"  "
                       "\", else, " +
                           std::string(kNoBlankCells);
}

std::string TooLong(const RowContext& row) {
  const std::string advice = TabAdvice(row, ", else set columns");
  return " has " + std::to_string(row.fields.size()) +
         " fields, but the header has " + std::to_string(row.names.size()) +
         (advice.empty() ? " (set columns?)" : ": " + advice) + ": \"" +
         Printable(row.fields.line()) + '"';
}

std::string TooShort(const RowContext& row) {
  return " has " + std::to_string(row.fields.size()) + " of " +
         std::to_string(row.names.size()) +
         " fields, and no header shows which: " + TabAdvice(row, ", else ") +
         "let the command print its header and remove header = false, or set "
         "short_rows";
}

std::string Alone(const RowContext& row) {
  return " has only " + Field(row, 0) +
         ": if the line was wrapped, stop that (df -P); else remove such lines "
         "with drop_lines or set short_rows = \"skip\"";
}

std::string Pushed(const RowContext& row, std::size_t field, std::size_t first,
                   std::size_t last) {
  return Field(row, field) + " may belong to " +
         Names(row, first, last, " or ") +
         ", as a longer cell may have pushed it; " + std::string(kNoBlankCells);
}

// Behind "line 3: ".
std::string Misplaced(const RowProblem& problem, const RowContext& row) {
  const std::size_t field = problem.field;
  switch (problem.fault) {
    case RowFault::kUnderNone:
      return Field(row, field) +
             " stands under no name of the header; remove the line with "
             "drop_lines if it is no row; " +
             std::string(kNoBlankCells);
    case RowFault::kUnderSeveral:
      return Field(row, field) + " stands under " +
             Names(row, problem.first_name, problem.last_name, " and ") +
             NameAdvice(row);
    case RowFault::kSameName:
      return Field(row, field - 1) + " and " + Field(row, field) +
             " stand under " + Name(row, problem.first_name) +
             (row.names[problem.first_name + row.row_names] == "_"
                  ? "; write one \"_\" for each column"
                  : CellAdvice(row));
    case RowFault::kOneCell:
      return Field(row, field - 1) + " and " + Field(row, field) +
             " may be one cell" + CellAdvice(row);
    case RowFault::kPushed:
      return Pushed(row, field, problem.first_name, problem.last_name);
    case RowFault::kTabs:
      return "tabs stand between names or fields, so places do not show which "
             "belong together: write separator = \"\\t\" if one tab ends each "
             "cell; " +
             std::string(kNoBlankCells);
    case RowFault::kMeasures:
      return "characters beyond ASCII make it uncertain which field belongs to "
             "which name; set env = { LC_ALL = \"C\" } if the command then "
             "prints ASCII";
    default:
      return "the fields do not stand under their names; if nothing is "
             "aligned, write separator = \" \"; " +
             TabAdvice(row, "; ") + std::string(kNoBlankCells);
  }
}

}  // namespace

std::string Explain(const RowProblem& problem, const RowContext& row) {
  switch (problem.fault) {
    case RowFault::kTooLong:
      return row.where + TooLong(row);
    case RowFault::kTooShort:
      return row.where + TooShort(row);
    case RowFault::kAlone:
      return row.where + Alone(row);
    default:
      return row.where + ": " + Misplaced(problem, row);
  }
}

std::string Explain(const TableDoubt& doubt, const RowContext& row) {
  if (!doubt.is_under_all) {
    return Pushed(row, doubt.field, doubt.first_name, doubt.last_name);
  }
  return Field(row, doubt.field) + " stands under " +
         Names(row, doubt.first_name, doubt.last_name, " and ") +
         NameAdvice(row);
}

std::string ExplainMark(std::string_view where, std::string_view mark) {
  return std::string(where) + " begins with the mark " + Quote(mark) +
         ": write marks = " + Quote(mark) +
         " if it is no field, marks = \"\" if it is one";
}

}  // namespace command_exporter
