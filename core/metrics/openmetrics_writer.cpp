#include "core/metrics/openmetrics_writer.hpp"

#include <ostream>
#include <string_view>

#include "core/metrics/openmetrics_names.hpp"
#include "core/metrics/sample_lines.hpp"
#include "core/metrics/text_buffer.hpp"

namespace command_exporter {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

using WritePart = void (SampleLines::*)(const ClientMetric&);

void WriteHead(std::string_view name, std::string_view type,
               std::string_view help, TextBuffer& out) {
  const auto line = [&](std::string_view keyword) {
    out.Append(keyword);
    out.Append(name);
    out.Append(' ');
  };
  line("# TYPE ");
  out.Append(type);
  out.Append('\n');
  if (const auto unit = OpenMetricsNames::UnitOf(name); !unit.empty()) {
    line("# UNIT ");
    out.Append(unit);
    out.Append('\n');
  }
  if (!help.empty()) {
    line("# HELP ");
    out.AppendEscaped(help, true);
    out.Append('\n');
  }
}

void WritePartOf(const MetricFamily& family, std::string_view suffix,
                 WritePart write, TextBuffer& out) {
  WriteHead(family.name + std::string(suffix), "unknown", family.help, out);
  SampleLines lines(family, TextDialect::kOpenMetrics, out);
  for (const ClientMetric& metric : family.metric) {
    (lines.*write)(metric);
  }
}

void WriteUntyped(const MetricFamily& family, TextBuffer& out) {
  switch (family.type) {
    case MetricType::Histogram:
      WritePartOf(family, "_bucket", &SampleLines::WriteBuckets, out);
      break;
    case MetricType::Summary:
      WritePartOf(family, "", &SampleLines::WriteQuantiles, out);
      break;
    default:
      WritePartOf(family, "", &SampleLines::Write, out);
      return;
  }
  WritePartOf(family, "_sum", &SampleLines::WriteSum, out);
  WritePartOf(family, "_count", &SampleLines::WriteCount, out);
}

void WriteFamily(const MetricFamily& family, const OpenMetricsNames& names,
                 TextBuffer& out) {
  if (family.type == MetricType::Untyped || !names.Fits(family)) {
    WriteUntyped(family, out);
    return;
  }
  WriteHead(OpenMetricsNames::NameOf(family), TypeName(family.type),
            family.help, out);
  SampleLines lines(family, TextDialect::kOpenMetrics, out);
  for (const ClientMetric& metric : family.metric) {
    lines.Write(metric);
  }
}

}  // namespace

void OpenMetricsWriter::Append(const MetricFamilies& families,
                               std::string& out) {
  const OpenMetricsNames names(families);
  TextBuffer buffer(out);
  for (const MetricFamily& family : families) {
    if (!family.metric.empty()) {
      WriteFamily(family, names, buffer);
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
