// The reader of one line of the text format 0.0.4 or of OpenMetrics 1.0.
//
// Knows the grammar of a line and nothing of families. OpenMetrics adds UNIT,
// exemplars and timestamps in seconds. Names in quotes, which may hold all of
// UTF-8, come as they are: what they look like without quotes is the business
// of who compares and writes them.
// https://prometheus.io/docs/instrumenting/exposition_formats/
// https://prometheus.io/docs/specs/om/open_metrics_spec/
//
// Thread safety: none; one reader a text.
#ifndef COMMAND_EXPORTER_CORE_METRICS_READING_EXPOSITION_LINE_READER_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_READING_EXPOSITION_LINE_READER_HPP_

#include <string>
#include <string_view>
#include <vector>

#include "core/metrics/reading/exposition_line.hpp"
#include "core/metrics/reading/exposition_types.hpp"
#include "core/metrics/reading/line_cursor.hpp"
#include "core/metrics/series.hpp"

namespace command_exporter {

class ExpositionLineReader {
 public:
  // `is_utf8`: the whole text is known to be valid UTF-8.
  ExpositionLineReader(ExpositionFormat format, bool is_utf8)
      : cursor_(is_utf8),
        format_(format) {}

  // Reads one line without its end. False with error() when it is wrong.
  bool Read(std::string_view line);

  // Its views are good until the next Read.
  const ExpositionLine& line() const { return line_; }

  // For a person, without the line's number.
  const std::string& error() const { return cursor_.error(); }

 private:
  bool ReadSample();
  bool ReadLabels(std::vector<LabelView>& labels);
  bool ReadLabel(std::vector<LabelView>& labels);
  bool TakeQuotedMetricName(std::string_view name, std::string_view from);
  bool ReadValue();
  bool ReadTimestamp();
  bool ReadExemplar();

  ExpositionLine line_{};
  LineCursor cursor_;
  std::vector<LabelView> exemplar_{};
  const ExpositionFormat format_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_READING_EXPOSITION_LINE_READER_HPP_
