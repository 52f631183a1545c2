// SampleLines: the sample lines of a family, common to both text formats.
//
// The formats differ in the head of a family and in two forms of numbers. A
// sample line is the same in both: NAME, labels, value. Its name is the same
// too: a counter that OpenMetrics calls `jobs` still has the samples
// `jobs_total`. A quoted name stands within the braces, before the labels.
//
// The samples of a family nearly always have the same label names, so the text
// before each label value is kept from one sample to the next.
//
// Thread safety: none. Each line of a histogram or summary is one of its parts,
// so that a caller may also write a family part by part.
#ifndef COMMAND_EXPORTER_CORE_METRICS_WRITING_SAMPLE_LINES_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_WRITING_SAMPLE_LINES_HPP_

#include <prometheus/metric_family.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/metrics/name_scheme.hpp"
#include "core/metrics/text_buffer.hpp"

namespace command_exporter {

enum class TextDialect : std::uint8_t {
  kText,         // le="1", timestamps in milliseconds
  kOpenMetrics,  // le="1.0", timestamps in seconds
};

struct SampleStyle {
  TextDialect dialect{};
  NameScheme names{};
};

class SampleLines {
 public:
  // Both references must outlive this object.
  SampleLines(const prometheus::MetricFamily& family, SampleStyle style,
              TextBuffer& out);

  // All lines of one metric, whatever its type.
  void Write(const prometheus::ClientMetric& metric);

  // Requires: the family is a histogram (WriteBuckets) or a summary.
  void WriteBuckets(const prometheus::ClientMetric& metric);
  void WriteQuantiles(const prometheus::ClientMetric& metric);
  // Requires: the family is a histogram or a summary.
  void WriteSum(const prometheus::ClientMetric& metric);
  void WriteCount(const prometheus::ClientMetric& metric);

 private:
  // A label that the type adds: `le` or `quantile`.
  struct Extra {
    std::string_view name{};
    double value{};
  };

  // The text before the value of a label: `{device="`.
  struct LabelHead {
    std::string name{};  // as in the metric
    std::string text{};
  };

  void WriteSample(const prometheus::ClientMetric& metric, double value);
  void WriteBucket(const prometheus::ClientMetric& metric, double bound,
                   std::uint64_t count);
  void Begin(const prometheus::ClientMetric& metric, std::string_view suffix,
             const Extra* extra);
  void End(const prometheus::ClientMetric& metric);
  void MakeLabelHead(std::size_t place, const std::string& name);

  const prometheus::MetricFamily& family_;
  const SampleStyle style_;
  TextBuffer& out_;
  std::string name_;  // of the family, without a closing quote
  const bool is_quoted_;
  std::vector<LabelHead> heads_;  // by position of the label
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_WRITING_SAMPLE_LINES_HPP_
