#include "core/metrics/reading/exposition_parser.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/huge_pages.hpp"
#include "core/base/text.hpp"
#include "core/metrics/name_scheme.hpp"
#include "core/metrics/reading/distribution.hpp"
#include "core/metrics/reading/exposition_line_reader.hpp"
#include "core/metrics/reading/exposition_types.hpp"
#include "core/metrics/reading/family_metadata.hpp"
#include "core/metrics/reading/late_series.hpp"
#include "core/metrics/reading/open_families.hpp"
#include "core/metrics/reading/openmetrics_rules.hpp"
#include "core/metrics/series.hpp"

namespace command_exporter {
namespace {

using prometheus::MetricFamily;

constexpr std::string_view kAfterEnd =
    "text after # EOF, which ends the output";

class ExpositionReader {
 public:
  ExpositionReader(std::string_view text, std::size_t most_lines)
      : text_(text),
        size_(text.size()),
        most_lines_(most_lines),
        format_(DetectFormat(text)),
        reader_(format_, IsValidUtf8(text)),
        families_(format_) {}

  Result<ParsedExposition, Failure> Read() {
    text_ = WithoutByteOrderMark(text_);
    bool good = true;
    std::string_view line;
    while (good && NextLine(text_, line)) {
      if (++number_ > most_lines_) {
        if (good = CheckRepeat(series_.Finish()); good) {
          return TooManyLines(most_lines_);
        }
      } else if (line.find('\0') != std::string_view::npos) {
        good = Fail("a NUL byte");
      } else if (!reader_.Read(line)) {
        good = Fail(ended_ ? std::string(kAfterEnd) : reader_.error());
      } else {
        good = Take(reader_.line());
      }
    }
    // Pending samples precede the faulty line, so their failure is reported
    // first.
    if (!CheckRepeat(series_.Finish()) || !good || !Finish()) {
      return Failure{failure_.reason, "line " + std::to_string(failure_.line) +
                                          ": " + failure_.what};
    }
    return std::move(parsed_);
  }

 private:
  bool Fail(std::string what) {
    failure_ = {Reason::kParse, number_, std::move(what)};
    return false;
  }

  bool Take(const ExpositionLine& line) {
    if (ended_ && line.kind != LineKind::kNothing) {
      return Fail(std::string(kAfterEnd));
    }
    switch (line.kind) {
      case LineKind::kEnd:
        ended_ = true;
        return true;
      case LineKind::kHelp:
      case LineKind::kType:
      case LineKind::kUnit:
        return TakeMetadata(line);
      case LineKind::kSample:
        return TakeSample(line);
      default:
        return true;
    }
  }

  bool TakeMetadata(const ExpositionLine& line) {
    if (line.kind == LineKind::kType) {
      last_name_.clear();  // NAME_sum may belong to it from now on
    }
    std::string fault = ReadFamilyMetadata(line, format_, families_);
    return fault.empty() || Fail(std::move(fault));
  }

  bool TakeSample(const ExpositionLine& line) {
    if (line.name != last_name_) {
      last_place_ = families_.FindPlace(line.name);
      last_name_ = line.name;
    }
    OpenFamily& open = families_[last_place_.family];
    if (format_ == ExpositionFormat::kOpenMetrics &&
        !TakeStrictly(open, line)) {
      return false;
    }
    if (last_place_.part == Part::kCreated) {
      parsed_.drops.Add(DropReason::kUnsupported,
                        DescribeSeries(line.name, line.labels) +
                            ": the time of creation has no place in a sample");
      return true;
    }
    if (open.distribution == nullptr) {
      return AddSimple(open, line);
    }
    open.has_samples = true;
    if (last_place_.part == Part::kPoint && open.kind != FamilyKind::kSummary &&
        line.name == open.name) {
      const std::string prefix =
          open.kind == FamilyKind::kHistogram ? "_" : "_g";
      return Fail(DescribeMetricName(open.name) + " is a " +
                  std::string(KindName(open.kind)) + "; its samples are " +
                  DescribeMetricName(open.name + "_bucket") + ", " + prefix +
                  "sum and " + prefix + "count");
    }
    if (auto failure =
            open.distribution->Add(last_place_.part, line, number_)) {
      failure_ = std::move(*failure);
      return false;
    }
    return true;
  }

  // Applies the further rules of OpenMetrics to a sample.
  bool TakeStrictly(const OpenFamily& open, const ExpositionLine& line) {
    std::string fault =
        FindSampleFault(open.kind, open.name, last_place_.part, line);
    if (fault.empty() && line.has_exemplar) {
      parsed_.drops.Add(DropReason::kUnsupported,
                        DescribeSeries(line.name, line.labels) +
                            ": an exemplar has no place in a sample");
    }
    return fault.empty() || Fail(std::move(fault));
  }

  bool AddSimple(OpenFamily& open, const ExpositionLine& line) {
    MetricFamily& family = open.family;
    if (!open.has_samples) {
      open.has_samples = true;
      family.name = line.name;
    } else if (line.name != family.name) {
      return Fail("the samples of " + DescribeMetricName(open.name) +
                  " are called " + DescribeMetricName(family.name) +
                  " above, and " + DescribeMetricName(line.name) + " here");
    }
    const auto place = static_cast<std::uint32_t>(family.metric.size());
    MakeRoom(family.metric);
    prometheus::ClientMetric& metric = family.metric.emplace_back();
    metric.label.reserve(line.labels.size());
    for (const LabelView& label : line.labels) {
      Label& added = metric.label.emplace_back();
      added.name = label.name;
      added.value = label.value;
    }
    SetValue(metric, family.type, line.value);
    // Kept until Finish, so that a second sample of the series is still found.
    metric.timestamp_ms = line.has_timestamp ? 1 : 0;
    const SeriesId id{static_cast<std::uint32_t>(last_place_.family), place};
    return CheckRepeat(series_.Add({HashLabels(line.labels), id, number_}));
  }

  bool AreSame(SeriesId left, SeriesId right) {
    const auto& metrics = families_[left.family].family.metric;
    return SameLabels(metrics[left.metric].label, metrics[right.metric].label);
  }

  bool CheckRepeat(const std::optional<LateSeries::Sample>& repeated) {
    if (!repeated) {
      return true;
    }
    const MetricFamily& family = families_[repeated->id.family].family;
    failure_ = {
        Reason::kDuplicate, repeated->line,
        DescribeSeries(family.name, family.metric[repeated->id.metric].label) +
            " stands there twice"};
    return false;
  }

  // Reserves room for the samples that the rest of the text may hold, at most
  // four times the present size, because each doubling would move the whole
  // family.
  void MakeRoom(std::vector<prometheus::ClientMetric>& metrics) {
    constexpr std::size_t kLarge = 4096;
    const std::size_t size = metrics.size();
    if (size < kLarge || size < metrics.capacity()) {
      return;
    }
    const std::size_t line = (size_ - text_.size()) / number_ + 1;
    const std::size_t more = std::clamp(text_.size() / line, size, size * 3);
    metrics.reserve(size + more);
    AskForHugePages(metrics);
    series_.Reserve(more);
  }

  bool Finish() {
    for (OpenFamily& open : families_.all()) {
      if (open.distribution != nullptr) {
        if (auto failure =
                open.distribution->Finish(open.family.metric, parsed_.drops)) {
          failure_ = std::move(*failure);
          return false;
        }
      } else {
        DropTimestamps(open.family);
      }
      if (open.family.metric.empty()) {
        continue;
      }
      if (open.kind != FamilyKind::kGaugeHistogram) {
        parsed_.families.push_back(std::move(open.family));
        continue;
      }
      for (MetricFamily& part : SplitGaugeHistogram(open.family)) {
        parsed_.families.push_back(std::move(part));
      }
    }
    return true;
  }

  void DropTimestamps(MetricFamily& family) {
    std::erase_if(family.metric, [&](const prometheus::ClientMetric& metric) {
      if (metric.timestamp_ms == 0) {
        return false;
      }
      parsed_.drops.Add(DropReason::kTimestamp,
                        DescribeSeries(family.name, metric.label) +
                            ": it has a timestamp; print it without one");
      return true;
    });
  }

  std::string_view text_;  // not read yet
  const std::size_t size_;
  const std::size_t most_lines_;
  const ExpositionFormat format_;
  ExpositionLineReader reader_;
  std::size_t number_ = 0;  // of the current line
  bool ended_ = false;      // by # EOF
  OpenFamilies families_;
  LateSeries series_{
      [this](SeriesId left, SeriesId right) { return AreSame(left, right); }};
  std::string last_name_;  // of a sample; last_place_ is its place
  FamilyPlace last_place_{};
  LineFailure failure_{};
  ParsedExposition parsed_{};
};

}  // namespace

Result<ParsedExposition, Failure> ParseExposition(std::string_view text,
                                                  std::size_t most_lines) {
  return ExpositionReader(text, most_lines).Read();
}

Failure TooManyLines(std::size_t most) {
  return {Reason::kOutputLimit,
          "the output has more than " + std::to_string(most) +
              " lines; let the command print less, or raise max_samples, of "
              "which four times as many are read"};
}

}  // namespace command_exporter
