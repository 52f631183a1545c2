#include "core/metrics/writing/openmetrics_writer.hpp"

#include <algorithm>
#include <ostream>
#include <string_view>

#include "core/metrics/text_buffer.hpp"
#include "core/metrics/writing/openmetrics_names.hpp"
#include "core/metrics/writing/sample_lines.hpp"

namespace command_exporter {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

using WritePart = void (SampleLines::*)(const ClientMetric&);

bool HasQuantiles(const MetricFamily& family) {
  return std::ranges::any_of(family.metric, [](const ClientMetric& metric) {
    return !metric.summary.quantile.empty();
  });
}

class FamilyWriter {
 public:
  // All arguments must outlive this object.
  FamilyWriter(const MetricFamily& family, NameScheme scheme, TextBuffer& out)
      : family_(family),
        scheme_(scheme),
        out_(out) {}

  void Write(const OpenMetricsNames& names) {
    if (family_.type == MetricType::Untyped || !names.Fits(family_)) {
      WriteUntyped();
      return;
    }
    WriteHead(OpenMetricsNames::NameOf(family_), TypeName(family_.type));
    WriteLines(&SampleLines::Write);
  }

 private:
  void WriteHead(std::string_view name, std::string_view type) {
    const std::string written = WrittenMetricName(name, scheme_);
    const auto line = [&](std::string_view keyword) {
      out_.Append(keyword);
      out_.Append(written);
      out_.Append(' ');
    };
    line("# TYPE ");
    out_.Append(type);
    out_.Append('\n');
    if (const auto unit = OpenMetricsNames::UnitOf(name); !unit.empty()) {
      line("# UNIT ");
      out_.Append(unit);
      out_.Append('\n');
    }
    if (!family_.help.empty()) {
      line("# HELP ");
      out_.AppendEscaped(family_.help, true);
      out_.Append('\n');
    }
  }

  void WriteLines(WritePart write) {
    SampleLines lines(family_, {TextDialect::kOpenMetrics, scheme_}, out_);
    for (const ClientMetric& metric : family_.metric) {
      (lines.*write)(metric);
    }
  }

  void WritePartOf(std::string_view suffix, WritePart write) {
    WriteHead(family_.name + std::string(suffix), "unknown");
    WriteLines(write);
  }

  void WriteUntyped() {
    switch (family_.type) {
      case MetricType::Histogram:
        WritePartOf("_bucket", &SampleLines::WriteBuckets);
        break;
      case MetricType::Summary:
        if (HasQuantiles(family_)) {
          WritePartOf("", &SampleLines::WriteQuantiles);
        }
        break;
      default:
        WritePartOf("", &SampleLines::Write);
        return;
    }
    WritePartOf("_sum", &SampleLines::WriteSum);
    WritePartOf("_count", &SampleLines::WriteCount);
  }

  const MetricFamily& family_;
  const NameScheme scheme_;
  TextBuffer& out_;
};

}  // namespace

void OpenMetricsWriter::Append(const MetricFamilies& families, std::string& out,
                               NameScheme scheme) {
  const OpenMetricsNames names(families);
  TextBuffer buffer(out);
  for (const MetricFamily& family : families) {
    if (!family.metric.empty()) {
      FamilyWriter(family, scheme, buffer).Write(names);
    }
  }
  buffer.Append("# EOF\n");
  buffer.Flush();
}

void OpenMetricsWriter::Serialize(
    std::ostream& out, const std::vector<MetricFamily>& families) const {
  std::string text;
  Append(families, text);
  out << text;
}

}  // namespace command_exporter
