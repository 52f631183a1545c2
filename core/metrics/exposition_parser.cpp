#include "core/metrics/exposition_parser.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/text.hpp"
#include "core/metrics/distribution.hpp"
#include "core/metrics/exposition_line.hpp"
#include "core/metrics/series.hpp"

namespace command_exporter {

namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

std::optional<MetricType> FindType(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, MetricType>, 6> kTypes = {{
      {"counter", MetricType::Counter},
      {"gauge", MetricType::Gauge},
      {"histogram", MetricType::Histogram},
      {"summary", MetricType::Summary},
      {"untyped", MetricType::Untyped},
      {"unknown", MetricType::Untyped},
  }};
  std::string lower(word);
  for (char& c : lower) {
    c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  for (const auto& [name, type] : kTypes) {
    if (lower == name) {
      return type;
    }
  }
  return std::nullopt;
}

// A family while its lines come in, in any order.
struct OpenFamily {
  MetricFamily family{};
  std::unique_ptr<Distribution> distribution{};  // of histogram and summary
  bool has_type{};
  bool has_help{};
  bool has_samples{};
};

class ExpositionReader {
 public:
  explicit ExpositionReader(std::string_view text)
      : text_(text),
        reader_(IsValidUtf8(text)) {}

  Result<ParsedExposition, Failure> Read() {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text_.starts_with(kByteOrderMark)) {
      text_.remove_prefix(kByteOrderMark.size());
    }
    bool good = true;
    std::string_view line;
    while (good && NextLine(text_, line)) {
      ++number_;
      if (line.find('\0') != std::string_view::npos) {
        good = Fail("a NUL byte");
      } else if (!reader_.Read(line)) {
        good = Fail(reader_.error());
      } else if (reader_.line().kind == LineKind::kEnd) {
        break;
      } else {
        good = Take(reader_.line());
      }
    }
    if (!good || !Finish()) {
      return Failure{failure_.reason, "line " + std::to_string(failure_.line) +
                                          ": " + failure_.what};
    }
    return std::move(parsed_);
  }

 private:
  // The family that a sample belongs to, and as what.
  struct Place {
    std::size_t family{};
    Part part{};
  };

  bool Fail(std::string what) {
    failure_ = {Reason::kParse, number_, std::move(what)};
    return false;
  }

  bool Take(const ExpositionLine& line) {
    switch (line.kind) {
      case LineKind::kHelp:
        return TakeHelp(line);
      case LineKind::kType:
        return TakeType(line);
      case LineKind::kSample:
        return TakeSample(line);
      default:
        return true;
    }
  }

  bool TakeHelp(const ExpositionLine& line) {
    OpenFamily& open = families_[FindOrAdd(line.name)];
    std::string help = UnescapeHelp(line.text);
    if (open.has_help && open.family.help != help) {
      return Fail(open.family.name + " has a second, other HELP");
    }
    open.has_help = true;
    open.family.help = std::move(help);
    return true;
  }

  bool TakeType(const ExpositionLine& line) {
    const auto type = FindType(line.text);
    if (!type) {
      return Fail("\"" + Printable(line.text) +
                  "\" is not a type; there are counter, gauge, histogram, "
                  "summary and untyped");
    }
    OpenFamily& open = families_[FindOrAdd(line.name)];
    if (open.has_type) {
      return open.family.type == *type ||
             Fail(open.family.name + " has a second, other TYPE");
    }
    if (open.has_samples) {
      return Fail("the TYPE of " + open.family.name +
                  " comes after its samples; print it before them");
    }
    if (const auto owner = FindOwner(line.name)) {
      return Fail(open.family.name + " is already part of the " +
                  std::string(TypeName(families_[owner->family].family.type)) +
                  ' ' + families_[owner->family].family.name);
    }
    return SetType(open, *type);
  }

  bool SetType(OpenFamily& open, MetricType type) {
    open.has_type = true;
    open.family.type = type;
    last_name_ = {};  // NAME_sum may be ours from now on
    const auto suffixes = DerivedSuffixes(type);
    for (const std::string_view suffix : suffixes) {
      const auto other = index_.find(open.family.name + std::string(suffix));
      if (other != index_.end() && (families_[other->second].has_samples ||
                                    families_[other->second].has_type)) {
        return Fail("the " + std::string(TypeName(type)) + ' ' +
                    open.family.name + " would own " + other->first +
                    ", which stands above as a metric of its own");
      }
    }
    if (!suffixes.empty()) {
      open.distribution =
          std::make_unique<Distribution>(open.family.name, type);
    }
    return true;
  }

  bool TakeSample(const ExpositionLine& line) {
    if (line.name != last_name_) {
      last_place_ = FindPlace(line.name);
      last_name_ = line.name;
    }
    OpenFamily& open = families_[last_place_.family];
    open.has_samples = true;
    if (open.distribution == nullptr) {
      return AddSimple(open.family, line);
    }
    if (last_place_.part == Part::kPoint &&
        open.family.type == MetricType::Histogram &&
        line.name == open.family.name) {
      return Fail(open.family.name + " is a histogram; its samples are " +
                  open.family.name + "_bucket, _sum and _count");
    }
    if (auto failure =
            open.distribution->Add(last_place_.part, line, number_)) {
      failure_ = std::move(*failure);
      return false;
    }
    return true;
  }

  bool AddSimple(MetricFamily& family, const ExpositionLine& line) {
    const auto place = static_cast<std::uint32_t>(family.metric.size());
    const SeriesId id{static_cast<std::uint32_t>(last_place_.family), place};
    const SeriesId* const present = series_.FindOrInsert(
        HashLabels(line.labels), id, [&](const SeriesId& other) {
          return SameLabels(family.metric[other.metric].label, line.labels);
        });
    if (present != nullptr) {
      failure_ = {
          Reason::kDuplicate, number_,
          DescribeSeries(line.name, line.labels) + " stands there twice"};
      return false;
    }
    prometheus::ClientMetric& metric = family.metric.emplace_back();
    metric.label.reserve(line.labels.size());
    for (const LabelView& label : line.labels) {
      Label& added = metric.label.emplace_back();
      added.name = label.name;
      added.value = label.value;
    }
    SetValue(metric, family.type, line.value);
    // Until Finish, so that a second sample of the series is still seen.
    metric.timestamp_ms = line.has_timestamp ? 1 : 0;
    return true;
  }

  // The histogram or summary that a name with its suffix belongs to.
  std::optional<Place> FindOwner(std::string_view name) const {
    for (const std::string_view suffix :
         DerivedSuffixes(MetricType::Histogram)) {
      if (!name.ends_with(suffix)) {
        continue;
      }
      const auto base =
          index_.find(std::string(name.substr(0, name.size() - suffix.size())));
      if (base == index_.end()) {
        continue;
      }
      const auto own = DerivedSuffixes(families_[base->second].family.type);
      if (std::find(own.begin(), own.end(), suffix) != own.end()) {
        const Part part = suffix == "_sum"     ? Part::kSum
                          : suffix == "_count" ? Part::kCount
                                               : Part::kPoint;
        return Place{base->second, part};
      }
    }
    return std::nullopt;
  }

  Place FindPlace(std::string_view name) {
    if (const auto owner = FindOwner(name)) {
      return *owner;
    }
    return {FindOrAdd(name), Part::kPoint};
  }

  std::size_t FindOrAdd(std::string_view name) {
    const auto [entry, is_new] =
        index_.try_emplace(std::string(name), families_.size());
    if (is_new) {
      families_.emplace_back().family.name = name;
    }
    return entry->second;
  }

  bool Finish() {
    for (OpenFamily& open : families_) {
      if (open.distribution != nullptr) {
        if (auto failure =
                open.distribution->Finish(open.family.metric, parsed_.drops)) {
          failure_ = std::move(*failure);
          return false;
        }
      } else {
        DropTimestamps(open.family);
      }
      if (!open.family.metric.empty()) {
        parsed_.families.push_back(std::move(open.family));
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

  std::string_view text_;
  ExpositionLineReader reader_;
  std::size_t number_ = 0;  // of the line
  std::vector<OpenFamily> families_;
  std::unordered_map<std::string, std::size_t> index_;  // name -> families_
  SeriesIndex series_;
  std::string_view last_name_;  // of a sample; last_place_ is its place
  Place last_place_{};
  LineFailure failure_{};
  ParsedExposition parsed_{};
};

}  // namespace

Result<ParsedExposition, Failure> ParseExposition(std::string_view text) {
  return ExpositionReader(text).Read();
}

}  // namespace command_exporter
