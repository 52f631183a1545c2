// [[collector.metric]]: how rows become samples.
#include <string>
#include <utility>

#include "core/base/number_form.hpp"
#include "core/base/text.hpp"
#include "core/config/sections/name_faults.hpp"
#include "core/config/sections/sections.hpp"

namespace command_exporter {

namespace {

void ReadName(const TableReader& reader, MetricConfig& metric) {
  if (auto name =
          reader.RequiredWord("name",
                              "name is missing: each metric needs one, such as "
                              "name = \"disk_used_bytes\"")) {
    if (const std::string fault = MetricNameFault(*name); !fault.empty()) {
      reader.FailAt("name", fault);
    }
    metric.name = std::move(*name);
  }
}

// The facts about its collector that a metric needs.
struct MetricScope {
  const CollectorConfig& collector;
  const MetricConfig& defaults;
  bool format_known{};
  bool has_pattern{};  // the collector sets `pattern`, valid or not
};

void ReadPattern(const TableReader& reader, const MetricScope& scope,
                 MetricConfig& metric) {
  const Format format = scope.collector.format.format;
  if (!reader.Has("pattern")) {
    if (format == Format::kRegex && !scope.has_pattern) {
      reader.Fail(reader.table().position,
                  "pattern is missing: format \"regex\" needs one in the "
                  "metric or in the collector");
    }
    return;
  }
  const std::string unfit = UnfitKey("pattern", format);
  if (!unfit.empty()) {
    reader.FailAt("pattern", unfit);
    return;
  }
  metric.pattern = reader.Regex("pattern");
  const std::string fault =
      metric.pattern ? GroupFault(*metric.pattern) : std::string{};
  if (!fault.empty()) {
    reader.FailAt("pattern", fault);
    metric.pattern.reset();
    return;
  }
  const std::optional<Pattern>& record = scope.collector.format.record;
  const std::string shared = record && metric.pattern
                                 ? SharedGroup(*record, *metric.pattern)
                                 : std::string{};
  if (!shared.empty()) {
    reader.FailAt("pattern", "pattern and record both give the field " +
                                 Quote(shared) + ": rename one group");
  }
}

MetricConfig ReadMetric(const TableReader& reader, const MetricScope& scope) {
  MetricConfig metric = scope.defaults;
  metric.position = reader.table().position;
  ReadName(reader, metric);
  ReadSharedMetricKeys(reader, KeyLevel::kMetric, metric);
  ReadOwnMetricKeys(reader, metric);
  if (metric.constant || metric.aggregate == Aggregate::kCount) {
    // What the collector says about numbers of the output does not apply here.
    metric.unit = nullptr;
    metric.bare = nullptr;
    metric.base = kDecimalBase;
    metric.grouping = '\0';
  }
  CheckMetric(reader, scope.collector, metric);
  if (!scope.format_known) {
    return metric;
  }
  if (reader.Has("missing")) {
    const std::string unfit =
        UnfitKey("missing", scope.collector.format.format);
    if (!unfit.empty()) {
      reader.FailAt("missing", unfit);
    }
  }
  ReadPattern(reader, scope, metric);
  if (reader.Has("pattern") == metric.pattern.has_value()) {
    CheckFields(reader, scope.collector, metric);
  }
  return metric;
}

// Checks the keys that a collector without metrics may not have.
void CheckWithoutMetrics(const TableReader& reader, Format format) {
  const bool names_metrics =
      format == Format::kPrometheus || format == Format::kKeyValue ||
      format == Format::kJson || format == Format::kNagios ||
      (format == Format::kNumber && reader.Has("prefix"));
  if (!names_metrics) {
    reader.FailAt("format",
                  "format " + Quote(NameOf(format)) +
                      " needs a metric: add [[collector.metric]] or metric = "
                      "[{ name = \"...\" }]");
    return;
  }
  if (reader.Has("record") && UnfitKey("record", format).empty()) {
    reader.FailAt("record",
                  "record needs metrics, whose labels tell the records apart: "
                  "add a metric or remove record");
  }
  for (const std::string_view key : kSharedMetricKeys) {
    if (reader.Has(key) && UnfitKey(key, format).empty()) {
      reader.FailAt(key, std::string(key) +
                             " sets a default for the metrics of a collector, "
                             "and this one has none: remove it or add a "
                             "metric");
    }
  }
}

void CheckNagiosMatrix(const TableReader& reader,
                       const CollectorConfig& collector) {
  for (const MatrixAxis& axis : collector.matrix) {
    if (IsNagiosLabel(axis.name)) {
      reader.FailAt("matrix",
                    "format \"nagios\" without metric sets the label " +
                        Quote(axis.name) + ": rename it in the matrix");
    }
  }
}

// Keys of a metric that stand in its collector.
void SupposeStrays(const TomlNode& collector, TableReader& metric) {
  for (const TomlEntry& entry : collector.entries) {
    const bool known = IsKnownKey(KeyLevel::kCollector, entry.key);
    const auto guess =
        known ? std::nullopt : GuessKey(KeyLevel::kCollector, entry.key);
    if (guess && guess->home == KeyLevel::kMetric) {
      metric.Suppose(guess->key, &entry.value);
    }
  }
}

// The list of metrics; null when there is none or it is none.
bool HasMetrics(const TableReader& reader) {
  const TomlNode* node = reader.Find("metric");
  if (node == nullptr) {
    return false;
  }
  if (node->kind == TomlKind::kTable) {
    reader.FailAt("metric",
                  "metric is a list: write [[collector.metric]] "
                  "with two pairs of brackets, or metric = [{ ... "
                  "}]");
    return false;
  }
  if (node->kind != TomlKind::kList || node->items.empty()) {
    reader.FailAt("metric",
                  "metric must be a list of tables that is not empty, such as "
                  "metric = [{ name = \"disk_used_bytes\" }]");
    return false;
  }
  return true;
}

}  // namespace

void ReadMetrics(const TableReader& reader, bool format_known,
                 CollectorConfig& collector) {
  MetricConfig defaults;
  ReadSharedMetricKeys(reader, KeyLevel::kCollector, defaults);
  const Format format = collector.format.format;
  if (!reader.Has("metric") && format_known) {
    CheckWithoutMetrics(reader, format);
    if (format == Format::kNagios) {
      CheckNagiosMatrix(reader, collector);
      collector.metrics = NagiosMetrics(collector);
    }
  }
  if (!HasMetrics(reader)) {
    return;
  }
  CheckNumberKeys(reader, defaults);
  if (reader.Has("prefix")) {
    reader.FailAt("prefix",
                  "prefix is put before the names that the output gives, and "
                  "this collector names its metrics: remove it");
  }
  if (format_known && format == Format::kPrometheus) {
    reader.FailAt(
        "metric",
        "format \"prometheus\"" +
            std::string(reader.Has("format") ? "" : ", the default,") +
            " takes no metric, because the output names its metrics: "
            "remove metric, or set format to one that reads numbers, "
            "such as \"number\", \"key_value\" or \"table\"");
    format_known = false;
  }
  const MetricScope scope{collector, defaults, format_known,
                          reader.Has("pattern")};
  for (const TomlNode* const table : reader.Tables("metric")) {
    TableReader metric(*table,
                       reader.context() + ", " + NamedIn(*table, "metric"),
                       reader.problems());
    metric.CheckKeys(KeyLevel::kMetric, collector.name);
    SupposeStrays(reader.table(), metric);
    collector.metrics.push_back(ReadMetric(metric, scope));
  }
}

}  // namespace command_exporter
