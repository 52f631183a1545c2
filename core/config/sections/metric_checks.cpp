// Checks that the keys of one metric fit each other, its collector and its
// format.
//
// A key without an effect is an error. A name that Prometheus accepts but that
// breaks its conventions is a warning.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/number_form.hpp"
#include "core/base/text.hpp"
#include "core/config/placeholders.hpp"
#include "core/config/sections/sections.hpp"

namespace command_exporter {

namespace {

void CheckValueKeys(const TableReader& reader, const MetricConfig& metric) {
  if (metric.values.size() > 1 && !metric.constant &&
      !reader.Has("value_label")) {
    reader.FailAt("value",
                  "value names several fields, so value_label must name the "
                  "label that tells them apart, such as "
                  "value_label = \"stat\"");
  }
  if (reader.Has("value_label") &&
      (metric.values.size() < 2 || metric.constant)) {
    reader.FailAt("value_label",
                  "value_label needs several values: remove it, or write a "
                  "list such as value = [\"min\", \"max\"]");
  }
}

// Keys that would have no effect on a count or a constant.
void CheckNoEffect(const TableReader& reader, const MetricConfig& metric) {
  constexpr std::array<std::string_view, 7> kOnNumbers = {
      "unit", "bare", "suffix", "base", "grouping", "scale", "map"};
  constexpr std::array<std::string_view, 2> kOnSamples = {"value", "default"};
  if (metric.aggregate == Aggregate::kCount) {
    for (const std::string_view key : kOnSamples) {
      if (reader.Has(key)) {
        reader.FailAt(key, "aggregate = \"count\" counts rows, so " +
                               std::string(key) + " has no effect: remove it");
      }
    }
  }
  if (metric.aggregate != Aggregate::kCount && !metric.constant) {
    return;
  }
  for (const std::string_view key : kOnNumbers) {
    if (reader.Has(key)) {
      reader.FailAt(key, std::string(key) +
                             " has no effect on a count or a constant: "
                             "remove it");
    }
  }
}

// Numbers that the exporter writes itself are decimal and without groups; read
// otherwise, they would be wrong.
void CheckDecimals(const TableReader& reader, const CollectorConfig& collector,
                   const MetricConfig& metric) {
  const Format format = collector.format.format;
  const bool is_own_format =
      format == Format::kExitCode || format == Format::kNagios;
  const bool is_own_field = std::ranges::any_of(
      metric.values,
      [](const std::string& field) { return !BuiltInFault(field).empty(); });
  if (!is_own_format && !is_own_field) {
    return;
  }
  const std::string what = is_own_format ? "format " + Quote(NameOf(format))
                                         : std::string("_line and _exit_code");
  if (metric.base != kDecimalBase) {
    reader.FailAt("base", "base: the numbers of " + what +
                              " are decimal: write base = 10, or remove it");
  }
  if (metric.base == kDecimalBase && metric.grouping != '\0') {
    reader.FailAt("grouping", "grouping: the numbers of " + what +
                                  " have no groups: set it in other metrics "
                                  "only");
  }
}

const LabelTemplate* FindLabel(const MetricConfig& metric,
                               std::string_view name) {
  const auto found =
      std::ranges::find(metric.labels, name, &LabelTemplate::name);
  return found == metric.labels.end() ? nullptr : &*found;
}

void CheckLabels(const TableReader& reader, const CollectorConfig& collector,
                 const MetricConfig& metric) {
  if (FindLabel(metric, metric.value_label) != nullptr) {
    reader.FailAt("value_label", "value_label " + Quote(metric.value_label) +
                                     " is also in labels: rename one");
  }
  for (const MatrixAxis& axis : collector.matrix) {
    const bool is_value_label = axis.name == metric.value_label;
    if (is_value_label || FindLabel(metric, axis.name) != nullptr) {
      reader.FailAt(is_value_label ? "value_label" : "labels",
                    "the matrix already sets the label " + Quote(axis.name) +
                        ": remove or rename it here");
    }
  }
}

// A run with more series than allowed would only fail, and the series could be
// more than memory holds.
void CheckKnownCount(const TableReader& reader, const MetricConfig& metric,
                     std::uint64_t max_samples) {
  std::uint64_t series = 1;
  for (const auto& [name, values] : metric.known) {
    // Both factors are far below 2^32, and the loop ends at the first excess.
    series *= std::max<std::uint64_t>(1, values.size());
    if (series > max_samples) {
      reader.FailAt("known", "known gives more series than the " +
                                 std::to_string(max_samples) +
                                 " of max_samples: name fewer values or raise "
                                 "max_samples");
      return;
    }
  }
}

void CheckKnown(const TableReader& reader, const MetricConfig& metric) {
  if (metric.known.empty()) {
    return;
  }
  const auto names = Views(metric.labels, &LabelTemplate::name);
  for (const auto& [name, values] : metric.known) {
    if (FindLabel(metric, name) != nullptr) {
      continue;
    }
    const std::string hint = DidYouMean(name, names);
    reader.FailAt("known",
                  "known: there is no label " + Quote(name) +
                      (hint.empty() ? "; declare it in labels" : hint));
  }
  const bool has_zero = metric.aggregate == Aggregate::kCount ||
                        metric.aggregate == Aggregate::kSum;
  if (!has_zero && !metric.default_value) {
    reader.FailAt("known",
                  "known needs the value of a series without a row: write "
                  "default = 0, or aggregate = \"count\" or \"sum\"");
  }
}

// A default cannot have labels that only a row could give it.
void CheckDefault(const TableReader& reader, const CollectorConfig& collector,
                  const MetricConfig& metric) {
  if (!reader.Has("default") || !metric.known.empty()) {
    return;
  }
  const auto is_from_rows = [&collector](const TextPiece& piece) {
    return piece.is_token &&
           std::ranges::find(collector.matrix, piece.text, &MatrixAxis::name) ==
               collector.matrix.end();
  };
  for (const LabelTemplate& label : metric.labels) {
    if (std::ranges::any_of(SplitFields(label.text), is_from_rows)) {
      reader.FailAt("default",
                    "default has no effect where the label " +
                        Quote(label.name) +
                        " comes from the rows: name its values with known, or "
                        "write on_missing = \"skip\" instead");
      return;
    }
  }
}

void WarnOfName(const TableReader& reader, const MetricConfig& metric) {
  const std::string_view name = metric.name;
  const SourcePosition& at = reader.PositionOf("name");
  const bool total = name.ends_with("_total");
  const MetricType type = EffectiveType(metric);
  if (name.find(':') != std::string_view::npos) {
    reader.Warn(at, "a name with \":\" is meant for recording rules; use _");
  }
  if (type == MetricType::kCounter && !total) {
    reader.Warn(at, "the name of a counter should end in _total");
  }
  if (type == MetricType::kGauge && total) {
    reader.Warn(at, "a name that ends in _total should be a counter");
  }
  if (metric.unit == nullptr) {
    return;
  }
  const std::string base = "_" + std::string(metric.unit->base);
  if (!name.ends_with(base) && !name.ends_with(base + "_total")) {
    reader.Warn(at, "its samples are in " + std::string(metric.unit->base) +
                        ", so its name should end in " + base + " or " + base +
                        "_total");
  }
}

// How to use a jq path that is written in the place of a field's name; empty if
// `field` is none. It would be the name of a member, which no row has.
std::string JqPathHint(std::string_view field) {
  const std::size_t last = field.find_last_of(".[");
  if (last == std::string_view::npos) {
    return {};
  }
  std::string name(field.substr(last + 1));
  std::erase_if(name,
                [](char c) { return !IsLetter(c) && !IsDigit(c) && c != '_'; });
  name = name.empty() || IsDigit(name.front()) ? "v" + name : name;
  const char* const dot = field.starts_with('.') ? "" : ".";
  std::string hint =
      Quote(field) +
      " is a jq path, which belongs in fields: write fields = { " + name +
      " = '" + dot + Printable(field) + "' } in the collector and " +
      Quote(name) + " here";
  if (field.find_first_of("[]") == std::string_view::npos &&
      !field.starts_with('.')) {
    hint +=
        "; for a member of this very name the path is .[" + Quote(field) + "]";
  }
  return hint;
}

// Reports `field` if it is none of `fields`.
struct FieldCheck {
  const TableReader& reader;
  std::optional<std::vector<std::string_view>> fields;  // none: not known
  Format format{};

  void Check(std::string_view key, std::string_view field) const {
    if (fields && std::ranges::find(*fields, field) != fields->end()) {
      return;
    }
    const std::string path =
        format == Format::kJson ? JqPathHint(field) : std::string{};
    if (!path.empty()) {
      reader.FailAt(key, std::string(key) + ": " + path);
    } else if (fields) {
      const std::string hint = DidYouMean(field, *fields);
      reader.FailAt(
          key, std::string(key) + ": format " + Quote(NameOf(format)) +
                   " gives no field " + Quote(field) + " here" +
                   (hint.empty() ? "; its fields are " + Join(*fields, ", ")
                                 : hint));
    }
  }

  // Fields that any row has.
  void Allow(std::string_view field) {
    if (fields) {
      fields->push_back(field);
    }
  }
};

}  // namespace

MetricType EffectiveType(const MetricConfig& metric) {
  return metric.type.value_or(metric.name.ends_with("_total")
                                  ? MetricType::kCounter
                                  : MetricType::kGauge);
}

std::string_view NameOf(MetricType type) {
  return kTypeNames[static_cast<std::size_t>(type)];
}

void CheckMetric(const TableReader& reader, const CollectorConfig& collector,
                 const MetricConfig& metric) {
  CheckValueKeys(reader, metric);
  CheckNoEffect(reader, metric);
  if (metric.aggregate != Aggregate::kCount && !metric.constant) {
    CheckNumberKeys(reader, metric);
    CheckDecimals(reader, collector, metric);
  }
  CheckLabels(reader, collector, metric);
  CheckKnown(reader, metric);
  CheckDefault(reader, collector, metric);
  CheckMissing(reader, metric);
  CheckKnownCount(reader, metric, collector.max_samples);
  WarnOfName(reader, metric);
}

void CheckFields(const TableReader& reader, const CollectorConfig& collector,
                 const MetricConfig& metric) {
  const auto known = KnownFields(collector.format, metric);
  FieldCheck check{reader, {}, collector.format.format};
  if (known) {
    check.fields.emplace();
    std::ranges::copy_if(*known, std::back_inserter(*check.fields),
                         [](const std::string& field) { return field != "_"; });
  }
  check.Allow("_line");
  check.Allow("_exit_code");
  if (!metric.constant && metric.aggregate != Aggregate::kCount) {
    for (const std::string& field : metric.values) {
      check.Check("value", field);
    }
  }
  for (const RowCondition& condition : metric.where) {
    check.Check("where", condition.field);
  }
  for (const RowCondition& condition : metric.where_not) {
    check.Check("where_not", condition.field);
  }
  // Templates may also name the axes of the matrix.
  for (const MatrixAxis& axis : collector.matrix) {
    check.Allow(axis.name);
  }
  for (const LabelTemplate& label : metric.labels) {
    for (const TextPiece& piece : SplitFields(label.text)) {
      if (piece.is_token) {
        check.Check("labels", piece.text);
      }
    }
  }
}

}  // namespace command_exporter
