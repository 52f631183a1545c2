// RecordCutter: cuts an output before each line that `record` matches, for a
// format that then reads each part by itself.
//
// So a pattern cannot reach into the next record, and a value is never given to
// the record before it. The groups of the matching line become fields of all
// rows of its part. A format needs no knowledge of it: a part is an input with
// the line numbers of the whole output.
//
// Thread safety: immutable. The input must outlive it.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_RECORD_CUTTER_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_RECORD_CUTTER_HPP_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/formats/format.hpp"

namespace command_exporter {

class RecordCutter {
 public:
  // Requires: `config` has a record, and outlives this.
  RecordCutter(const FormatInput& input, const FormatConfig& config);

  using Parse = std::function<Result<Rows, Failure>(const FormatInput& part)>;

  // The rows of all parts. Lines in front of the first part are unmatched.
  Result<Rows, Failure> Read(const Parse& parse) const;

  // Of the raw output: the lines that record matched.
  const std::vector<std::size_t>& lines() const { return lines_; }

  // Lines in front of the first part that are not blank, and the first of them.
  std::uint64_t unmatched_lines() const { return unmatched_lines_; }

  std::string_view first_unmatched() const { return first_unmatched_; }

 private:
  struct Line {
    std::size_t begin{};  // in the output
    std::size_t end{};    // behind its line end
    std::size_t index{};
  };

  void Begin(const Line& line);
  // Ends the part that began last.
  void EndAt(const Line& line);

  FormatInput input_;
  const Pattern& record_;
  bool keeps_line_;                     // a part has the line that matched
  std::vector<std::uint32_t> counted_;  // the input's raw_lines, if it has none
  std::vector<std::size_t> lines_;      // of each part
  std::vector<FormatInput> parts_;
  std::vector<std::string_view> groups_;  // of each part, one behind the other
  Line begin_;                            // of the part that is not ended yet
  std::uint64_t unmatched_lines_ = 0;
  std::string_view first_unmatched_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_RECORD_CUTTER_HPP_
