// LineCoverage: the lines of an output that no metric's pattern matched.
//
// Each pattern reads all lines, so only the rows of all patterns together show
// which lines were not used.
//
// Thread safety: none; one run owns it.
#ifndef COMMAND_EXPORTER_COLLECTORS_LINE_COVERAGE_HPP_
#define COMMAND_EXPORTER_COLLECTORS_LINE_COVERAGE_HPP_

#include <cstddef>
#include <vector>

#include "collectors/formats/format.hpp"
#include "collectors/formats/line_reader.hpp"
#include "collectors/formats/record_cutter.hpp"
#include "collectors/formats/rows.hpp"
#include "core/base/text.hpp"
#include "core/scrape/outcome.hpp"

namespace command_exporter {

class LineCoverage {
 public:
  void Add(const Rows& rows) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
      Add(rows.line(row));
    }
  }

  void Add(const RecordCutter& records) {
    for (const std::size_t line : records.lines()) {
      Add(line);
    }
  }

  void Report(const FormatInput& input, Outcome& outcome) const {
    outcome.unmatched_lines = 0;
    LineReader reader(input);
    while (reader.Next()) {
      const bool matched =
          reader.number() < matched_.size() && matched_[reader.number()];
      if (matched || Trim(reader.line()).empty()) {
        continue;
      }
      if (*outcome.unmatched_lines == 0) {
        outcome.first_unmatched = Printable(reader.line());
      }
      ++*outcome.unmatched_lines;
    }
  }

 private:
  void Add(std::size_t line) {
    if (matched_.size() <= line) {
      matched_.resize(line + 1);
    }
    matched_[line] = true;
  }

  std::vector<bool> matched_;  // by raw line number
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_LINE_COVERAGE_HPP_
