// What one line of the text format 0.0.4 or of OpenMetrics 1.0 says.
//
// Apart from who reads it, since the rules for samples and the collection of
// histograms take such lines and know nothing of their grammar.
//
// Thread safety: none needed; plain values. The views are those of the reader
// that filled it (exposition_line_reader.hpp).
#ifndef COMMAND_EXPORTER_CORE_METRICS_READING_EXPOSITION_LINE_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_READING_EXPOSITION_LINE_HPP_

#include <string_view>
#include <vector>

#include "core/metrics/series.hpp"

namespace command_exporter {

enum class LineKind {
  kNothing,  // blank, or a comment
  kHelp,     // name, text
  kType,     // name, text
  kUnit,     // name, text; OpenMetrics only
  kEnd,      // "# EOF"
  kSample,   // the rest
};

struct ExpositionLine {
  LineKind kind{};
  std::string_view name{};
  std::string_view text{};  // of HELP, TYPE and UNIT, as it stands there
  std::vector<LabelView> labels{};
  double value{};
  bool has_timestamp{};
  bool has_exemplar{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_READING_EXPOSITION_LINE_HPP_
