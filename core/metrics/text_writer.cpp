#include "core/metrics/text_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <ostream>
#include <string_view>

#include "core/base/number.hpp"

namespace command_exporter {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

template <typename Integer>
void AppendInteger(std::string& out, Integer value) {
  constexpr std::size_t kLongest = 20;
  std::array<char, kLongest> buffer{};
  const auto result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  out.append(buffer.data(), result.ptr);
}

// `specials` are the characters that need a backslash; a newline becomes "\n".
void AppendEscaped(std::string& out, std::string_view text,
                   std::string_view specials) {
  for (std::size_t at = text.find_first_of(specials);
       at != std::string_view::npos; at = text.find_first_of(specials)) {
    out += text.substr(0, at);
    out += '\\';
    out += text[at] == '\n' ? 'n' : text[at];
    text.remove_prefix(at + 1);
  }
  out += text;
}

void AppendLabelValue(std::string& out, std::string_view value) {
  bool plain = true;
  for (const char c : value) {
    plain = plain && c != '\\' && c != '"' && c != '\n';
  }
  if (plain) {
    out += value;
  } else {
    AppendEscaped(out, value, "\\\"\n");
  }
}

// A label that the type adds: `le` or `quantile`.
struct ExtraLabel {
  std::string_view name{};
  double value{};
};

void AppendLabels(std::string& out, const std::vector<ClientMetric::Label>& all,
                  const ExtraLabel* extra) {
  char before = '{';
  for (const ClientMetric::Label& label : all) {
    out += before;
    out += label.name;
    out += "=\"";
    AppendLabelValue(out, label.value);
    out += '"';
    before = ',';
  }
  if (extra != nullptr) {
    out += before;
    out += extra->name;
    out += "=\"";
    AppendNumber(out, extra->value);
    out += '"';
    before = ',';
  }
  if (before == ',') {
    out += '}';
  }
}

// The lines of one family.
class FamilyWriter {
 public:
  FamilyWriter(const MetricFamily& family, std::string& out)
      : family_(family),
        out_(out) {}

  void Write() {
    WriteHead();
    for (const ClientMetric& metric : family_.metric) {
      switch (family_.type) {
        case MetricType::Histogram:
          WriteHistogram(metric);
          break;
        case MetricType::Summary:
          WriteSummary(metric);
          break;
        case MetricType::Counter:
          WriteSample(metric, metric.counter.value);
          break;
        case MetricType::Gauge:
          WriteSample(metric, metric.gauge.value);
          break;
        default:
          WriteSample(metric, metric.untyped.value);
          break;
      }
    }
  }

 private:
  void WriteHead() {
    if (!family_.help.empty()) {
      out_ += "# HELP ";
      out_ += family_.name;
      out_ += ' ';
      AppendEscaped(out_, family_.help, "\\\n");
      out_ += '\n';
    }
    out_ += "# TYPE ";
    out_ += family_.name;
    out_ += ' ';
    out_ += TypeName(family_.type);
    out_ += '\n';
  }

  void WriteSample(const ClientMetric& metric, double value) {
    Begin(metric, {}, nullptr);
    AppendNumber(out_, value);
    End(metric);
  }

  void WriteHistogram(const ClientMetric& metric) {
    const auto& histogram = metric.histogram;
    for (const auto& bucket : histogram.bucket) {
      WriteBucket(metric, bucket.upper_bound, bucket.cumulative_count);
    }
    if (histogram.bucket.empty() ||
        !std::isinf(histogram.bucket.back().upper_bound)) {
      WriteBucket(metric, HUGE_VAL, histogram.sample_count);
    }
    WriteSumAndCount(metric, histogram.sample_sum, histogram.sample_count);
  }

  void WriteBucket(const ClientMetric& metric, double bound,
                   std::uint64_t count) {
    const ExtraLabel le{"le", bound};
    Begin(metric, "_bucket", &le);
    AppendInteger(out_, count);
    End(metric);
  }

  void WriteSummary(const ClientMetric& metric) {
    for (const auto& quantile : metric.summary.quantile) {
      const ExtraLabel label{"quantile", quantile.quantile};
      Begin(metric, {}, &label);
      AppendNumber(out_, quantile.value);
      End(metric);
    }
    WriteSumAndCount(metric, metric.summary.sample_sum,
                     metric.summary.sample_count);
  }

  void WriteSumAndCount(const ClientMetric& metric, double sum,
                        std::uint64_t count) {
    Begin(metric, "_sum", nullptr);
    AppendNumber(out_, sum);
    End(metric);
    Begin(metric, "_count", nullptr);
    AppendInteger(out_, count);
    End(metric);
  }

  void Begin(const ClientMetric& metric, std::string_view suffix,
             const ExtraLabel* extra) {
    out_ += family_.name;
    out_ += suffix;
    AppendLabels(out_, metric.label, extra);
    out_ += ' ';
  }

  void End(const ClientMetric& metric) {
    if (metric.timestamp_ms != 0) {
      out_ += ' ';
      AppendInteger(out_, metric.timestamp_ms);
    }
    out_ += '\n';
  }

  const MetricFamily& family_;
  std::string& out_;
};

}  // namespace

void TextWriter::Append(const MetricFamilies& families, std::string& out) {
  for (const MetricFamily& family : families) {
    if (!family.metric.empty()) {
      FamilyWriter(family, out).Write();
    }
  }
}

void TextWriter::Serialize(std::ostream& out,
                           const std::vector<MetricFamily>& families) const {
  std::string text;
  Append(families, text);
  out << text;
}

}  // namespace command_exporter
