// Performance data of monitoring plugins: splits a line into labels and values.
//
// Plugins part their data by blanks, some of them by commas, and some write
// blanks around the `=`. The splitter takes what can be read in one way only.
// Anything else becomes a fault, which the caller counts, because a label or a
// number that was guessed would be a wrong sample.
//
// Thread safety: pure functions. Views returned point into the argument.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_PERFDATA_LINE_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_PERFDATA_LINE_HPP_

#include <string>
#include <string_view>
#include <vector>

namespace command_exporter {

struct PerfdataText {
  std::string label{};       // without its quotes
  std::string_view value{};  // as printed: value, unit and limits
  std::string fault{};       // not empty: this is no datum
};

std::vector<PerfdataText> SplitPerfdata(std::string_view data);

// The parts of `line` between its bars. A bar in a quoted label does not count,
// nor one behind a quote that is not closed.
std::vector<std::string_view> SplitAtBars(std::string_view line);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_PERFDATA_LINE_HPP_
