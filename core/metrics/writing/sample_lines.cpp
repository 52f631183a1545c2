#include "core/metrics/writing/sample_lines.hpp"

#include <cmath>
#include <cstdlib>

namespace command_exporter {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricType;

// Milliseconds as seconds, without rounding through a double.
void AppendSeconds(TextBuffer& out, std::int64_t milliseconds) {
  constexpr std::int64_t kScale = 1000;
  if (milliseconds < 0) {
    out.Append('-');
  }
  out.AppendInteger(std::abs(milliseconds / kScale));
  const std::int64_t rest = std::abs(milliseconds % kScale);
  out.Append('.');
  out.Append(static_cast<char>('0' + rest / 100));
  out.Append(static_cast<char>('0' + rest / 10 % 10));
  out.Append(static_cast<char>('0' + rest % 10));
}

}  // namespace

SampleLines::SampleLines(const prometheus::MetricFamily& family,
                         SampleStyle style, TextBuffer& out)
    : family_(family),
      style_(style),
      out_(out),
      name_(WrittenMetricName(family.name, style.names)),
      is_quoted_(name_.starts_with('"')) {
  if (is_quoted_) {
    name_.pop_back();  // a suffix precedes the quote
    name_.insert(0, 1, '{');
  }
}

void SampleLines::Write(const ClientMetric& metric) {
  switch (family_.type) {
    case MetricType::Histogram:
      WriteBuckets(metric);
      WriteSum(metric);
      WriteCount(metric);
      break;
    case MetricType::Summary:
      WriteQuantiles(metric);
      WriteSum(metric);
      WriteCount(metric);
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

void SampleLines::WriteBuckets(const ClientMetric& metric) {
  const auto& histogram = metric.histogram;
  for (const auto& bucket : histogram.bucket) {
    WriteBucket(metric, bucket.upper_bound, bucket.cumulative_count);
  }
  if (histogram.bucket.empty() ||
      !std::isinf(histogram.bucket.back().upper_bound)) {
    WriteBucket(metric, HUGE_VAL, histogram.sample_count);
  }
}

void SampleLines::WriteBucket(const ClientMetric& metric, double bound,
                              std::uint64_t count) {
  const Extra le{"le", bound};
  Begin(metric, "_bucket", &le);
  out_.AppendInteger(count);
  End(metric);
}

void SampleLines::WriteQuantiles(const ClientMetric& metric) {
  for (const auto& quantile : metric.summary.quantile) {
    const Extra label{"quantile", quantile.quantile};
    Begin(metric, {}, &label);
    out_.AppendNumber(quantile.value);
    End(metric);
  }
}

void SampleLines::WriteSum(const ClientMetric& metric) {
  Begin(metric, "_sum", nullptr);
  out_.AppendNumber(family_.type == MetricType::Histogram
                        ? metric.histogram.sample_sum
                        : metric.summary.sample_sum);
  End(metric);
}

void SampleLines::WriteCount(const ClientMetric& metric) {
  Begin(metric, "_count", nullptr);
  out_.AppendInteger(family_.type == MetricType::Histogram
                         ? metric.histogram.sample_count
                         : metric.summary.sample_count);
  End(metric);
}

void SampleLines::WriteSample(const ClientMetric& metric, double value) {
  Begin(metric, {}, nullptr);
  out_.AppendNumber(value);
  End(metric);
}

void SampleLines::Begin(const ClientMetric& metric, std::string_view suffix,
                        const Extra* extra) {
  out_.Append(name_);
  out_.Append(suffix);
  if (is_quoted_) {
    out_.Append('"');
  }
  for (std::size_t i = 0; i < metric.label.size(); ++i) {
    const ClientMetric::Label& label = metric.label[i];
    if (i == heads_.size() || heads_[i].name != label.name) {
      MakeLabelHead(i, label.name);
    }
    out_.Append(heads_[i].text);
    out_.AppendEscaped(label.value, true);
    out_.Append('"');
  }
  const bool is_open = is_quoted_ || !metric.label.empty();
  if (extra != nullptr) {
    out_.Append(is_open ? ',' : '{');
    out_.Append(extra->name);
    out_.Append("=\"");
    if (style_.dialect == TextDialect::kOpenMetrics) {
      out_.AppendCanonicalFloat(extra->value);
    } else {
      out_.AppendNumber(extra->value);
    }
    out_.Append('"');
  }
  if (is_open || extra != nullptr) {
    out_.Append('}');
  }
  out_.Append(' ');
}

void SampleLines::MakeLabelHead(std::size_t place, const std::string& name) {
  if (place == heads_.size()) {
    heads_.emplace_back();
  }
  LabelHead& head = heads_[place];
  head.name = name;
  head.text = place == 0 && !is_quoted_ ? '{' : ',';
  head.text += WrittenLabelName(name, style_.names);
  head.text += "=\"";
}

void SampleLines::End(const ClientMetric& metric) {
  if (metric.timestamp_ms != 0) {
    out_.Append(' ');
    if (style_.dialect == TextDialect::kOpenMetrics) {
      AppendSeconds(out_, metric.timestamp_ms);
    } else {
      out_.AppendInteger(metric.timestamp_ms);
    }
  }
  out_.Append('\n');
}

}  // namespace command_exporter
