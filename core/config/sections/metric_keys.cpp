// Reads each key of one metric; metric_checks.cpp checks how they fit together.
#include <cmath>
#include <set>
#include <utility>

#include "core/base/text.hpp"
#include "core/config/sections/name_faults.hpp"
#include "core/config/sections/sections.hpp"

namespace command_exporter {

namespace {

// labels = ["device"]: each field becomes a label of its own name.
void ReadLabelList(const TableReader& reader, MetricConfig& metric) {
  const auto fields = reader.Words("labels");
  if (!fields) {
    return;
  }
  const std::vector<TomlNode>& items = reader.Find("labels")->items;
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < fields->size(); ++i) {
    const std::string& field = (*fields)[i];
    if (const std::string fault = LabelNameFault(field); !fault.empty()) {
      reader.Fail(items[i].position, "labels: " + fault +
                                         "; for a field of another name write "
                                         "labels = { device = \"{" +
                                         field + "}\" }");
    } else if (!seen.insert(field).second) {
      reader.Fail(items[i].position,
                  "labels holds " + Quote(field) + " twice: remove one");
    } else {
      metric.labels.push_back({field, "{" + field + "}"});
    }
  }
}

// labels = { kind = "{row}" }: templates.
void ReadLabelTable(const TableReader& reader, KeyLevel level,
                    MetricConfig& metric) {
  const TomlNode* table = reader.FreeTable("labels", level);
  if (table == nullptr) {
    return;
  }
  for (const TomlEntry& entry : table->entries) {
    if (const std::string fault = LabelNameFault(entry.key); !fault.empty()) {
      reader.Fail(entry.position, "labels: " + fault);
    } else if (auto text = reader.WordOf(entry.value, "labels." + entry.key)) {
      metric.labels.push_back({entry.key, std::move(*text)});
    }
  }
}

void ReadLabels(const TableReader& reader, KeyLevel level,
                MetricConfig& metric) {
  const TomlNode* node = reader.Find("labels");
  if (node == nullptr) {
    return;
  }
  metric.labels.clear();
  if (node->kind == TomlKind::kList && node->items.empty()) {
    return;  // removes the labels set by the collector
  }
  if (node->kind == TomlKind::kList) {
    ReadLabelList(reader, metric);
  } else if (node->kind == TomlKind::kTable) {
    ReadLabelTable(reader, level, metric);
  } else {
    reader.FailAt("labels",
                  "labels must be a list of fields such as [\"device\"] or a "
                  "table such as { kind = \"{row}\" }, not " +
                      Describe(node->kind));
  }
}

// Reads `where` or `where_not`.
void ReadConditions(const TableReader& reader, std::string_view key,
                    KeyLevel level, std::vector<RowCondition>& conditions) {
  const TomlNode* table = reader.FreeTable(key, level);
  if (table == nullptr) {
    return;
  }
  conditions.clear();
  for (const TomlEntry& entry : table->entries) {
    if (auto pattern = reader.ConditionOf(entry.value,
                                          std::string(key) + "." + entry.key)) {
      conditions.push_back({entry.key, std::move(*pattern)});
    }
  }
}

void ReadValue(const TableReader& reader, MetricConfig& metric) {
  const TomlNode* node = reader.Find("value");
  if (node == nullptr) {
    return;
  }
  switch (node->kind) {
    case TomlKind::kInteger:
    case TomlKind::kFloat:
      metric.constant = node->number;
      return;
    case TomlKind::kString:
      if (auto field = reader.Word("value")) {
        metric.values = {std::move(*field)};
      }
      return;
    case TomlKind::kList:
      break;
    default:
      reader.FailAt("value",
                    "value must be the name of a field, a list of such names "
                    "or a number, not " +
                        Describe(node->kind));
      return;
  }
  auto fields = reader.Words("value");
  if (!fields) {
    return;
  }
  std::set<std::string_view> seen;
  for (const std::string& field : *fields) {
    if (!seen.insert(field).second) {
      reader.FailAt("value",
                    "value names " + Quote(field) + " twice: remove one");
    }
  }
  metric.values = std::move(*fields);
}

void ReadMap(const TableReader& reader, MetricConfig& metric) {
  const TomlNode* table = reader.FreeTable("map", KeyLevel::kMetric);
  if (table == nullptr) {
    return;
  }
  if (table->entries.empty()) {
    reader.FailAt("map", "map is empty: write { text = number } or remove it");
  }
  for (const TomlEntry& entry : table->entries) {
    if (const auto number = reader.NumberOf(entry.value, "map." + entry.key)) {
      metric.map[entry.key] = *number;
    }
  }
}

void ReadKnown(const TableReader& reader, MetricConfig& metric) {
  const TomlNode* table = reader.FreeTable("known", KeyLevel::kMetric);
  if (table == nullptr) {
    return;
  }
  const TableReader known(*table, reader.context() + ", known",
                          reader.problems());
  for (const TomlEntry& entry : table->entries) {
    if (auto values = known.Words(entry.key)) {
      metric.known[entry.key] = std::move(*values);
    }
  }
}

}  // namespace

void ReadSharedMetricKeys(const TableReader& reader, KeyLevel level,
                          MetricConfig& metric) {
  constexpr std::array<std::string_view, 2> kOnMissing = {"fail", "skip"};
  ReadNumberKeys(reader, metric);
  ReadLabels(reader, level, metric);
  ReadConditions(reader, "where", level, metric.where);
  ReadConditions(reader, "where_not", level, metric.where_not);
  ReadMissing(reader, level, metric);
  if (const auto type = reader.Choice("type", kTypeNames)) {
    metric.type = static_cast<MetricType>(*type);
  }
  Assign(reader.Choice("on_missing", kOnMissing), metric.on_missing);
}

void ReadOwnMetricKeys(const TableReader& reader, MetricConfig& metric) {
  constexpr std::array<std::string_view, 7> kAggregates = {
      "none", "count", "sum", "min", "max", "first", "last"};
  if (auto help = reader.Text("help")) {
    if (help->find('\0') != std::string::npos) {
      reader.FailAt("help", "help holds a NUL character: remove it");
    }
    metric.help = std::move(*help);
  }
  ReadValue(reader, metric);
  if (auto label = reader.Word("value_label")) {
    if (const std::string fault = LabelNameFault(*label); !fault.empty()) {
      reader.FailAt("value_label", "value_label: " + fault);
    }
    metric.value_label = std::move(*label);
  }
  if (const auto scale = reader.Number("scale")) {
    metric.scale = *scale;
    if (!std::isfinite(*scale) || *scale == 0) {
      reader.FailAt("scale", "scale must be finite and not 0");
    }
  }
  Assign(reader.Word("suffix"), metric.suffix);
  ReadMap(reader, metric);
  Assign(reader.Choice("aggregate", kAggregates), metric.aggregate);
  ReadKnown(reader, metric);
  metric.default_value = reader.Number("default");
}

}  // namespace command_exporter
