// One line of the text format 0.0.4 or of OpenMetrics 1.0, taken apart.
//
// Knows the grammar of a line and nothing of families. OpenMetrics adds UNIT,
// exemplars and timestamps in seconds. Names in quotes, which may hold all of
// UTF-8, come as they are: what they look like without quotes is the business
// of who compares and writes them. Views point into the line or, for values and
// names with escapes, into the reader, until the next Read: an ordinary sample
// costs no allocation.
// https://prometheus.io/docs/instrumenting/exposition_formats/
// https://prometheus.io/docs/specs/om/open_metrics_spec/
//
// Thread safety: none; one reader a text.
#ifndef COMMAND_EXPORTER_CORE_METRICS_READING_EXPOSITION_LINE_READER_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_READING_EXPOSITION_LINE_READER_HPP_

#include <string>
#include <string_view>
#include <vector>

#include "core/metrics/reading/exposition_types.hpp"
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

constexpr bool IsExpositionBlank(char c) {
  return c == ' ' || c == '\t';
}

class ExpositionLineReader {
 public:
  // `is_utf8`: the whole text is known to be valid UTF-8.
  ExpositionLineReader(ExpositionFormat format, bool is_utf8)
      : format_(format),
        is_utf8_(is_utf8) {}

  // Reads one line without its end. False with error() when it is wrong.
  bool Read(std::string_view line);

  const ExpositionLine& line() const { return line_; }

  // For a person, without the line's number.
  const std::string& error() const { return error_; }

 private:
  bool Fail(std::string_view what);
  bool FailAt(std::string_view what, std::string_view where);
  bool ReadComment();
  bool ReadCommentName(std::string_view word);
  bool ReadSample();
  bool ReadLabels(std::vector<LabelView>& labels);
  bool ReadLabel(std::vector<LabelView>& labels);
  // `what` it is, for the message.
  bool ReadQuoted(std::string_view what, std::string_view& text);
  bool ReadQuotedName(std::string_view& name);
  bool TakeQuotedMetricName(std::string_view name, std::string_view from);
  bool Unescape(std::string_view what, std::string_view escaped,
                std::string_view& text);
  bool ReadValue();
  bool ReadTimestamp();
  bool ReadExemplar();
  std::string_view TakeName(bool colons);
  std::string_view TakeToken();
  void SkipBlanks();

  ExpositionLine line_{};
  std::string_view rest_{};
  std::string unescaped_{};  // reserved for a line: views stay valid
  std::vector<LabelView> exemplar_{};
  std::string error_{};
  const ExpositionFormat format_;
  const bool is_utf8_;
};

// HELP's text with its escapes resolved (OpenMetrics knows that of a quote as
// well); an unknown escape stays as it is.
std::string UnescapeHelp(std::string_view text, ExpositionFormat format);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_READING_EXPOSITION_LINE_READER_HPP_
