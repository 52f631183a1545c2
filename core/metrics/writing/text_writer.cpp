#include "core/metrics/writing/text_writer.hpp"

#include <ostream>

#include "core/metrics/text_buffer.hpp"
#include "core/metrics/writing/sample_lines.hpp"

namespace command_exporter {

namespace {

using prometheus::MetricFamily;

void WriteFamily(const MetricFamily& family, NameScheme scheme,
                 TextBuffer& out) {
  const std::string name = WrittenMetricName(family.name, scheme);
  if (!family.help.empty()) {
    out.Append("# HELP ");
    out.Append(name);
    out.Append(' ');
    out.AppendEscaped(family.help, false);
    out.Append('\n');
  }
  out.Append("# TYPE ");
  out.Append(name);
  out.Append(' ');
  out.Append(TypeName(family.type));
  out.Append('\n');
  SampleLines lines(family, {TextDialect::kText, scheme}, out);
  for (const prometheus::ClientMetric& metric : family.metric) {
    lines.Write(metric);
  }
}

}  // namespace

void TextWriter::Append(const MetricFamilies& families, std::string& out,
                        NameScheme scheme) {
  TextBuffer buffer(out);
  for (const MetricFamily& family : families) {
    if (!family.metric.empty()) {
      WriteFamily(family, scheme, buffer);
    }
  }
  buffer.Flush();
}

void TextWriter::Serialize(std::ostream& out,
                           const std::vector<MetricFamily>& families) const {
  std::string text;
  Append(families, text);
  out << text;
}

}  // namespace command_exporter
