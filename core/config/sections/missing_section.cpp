// `missing`: the texts that mean "not there".
//
// An entry that can have no effect is refused: a metric without a field, and a
// text that `map` turns into a number.
#include <algorithm>
#include <set>

#include "core/base/text.hpp"
#include "core/config/placeholders.hpp"
#include "core/config/sections/sections.hpp"

namespace command_exporter {

namespace {

bool UsesFields(const MetricConfig& metric) {
  return (!metric.constant && metric.aggregate != Aggregate::kCount) ||
         !metric.where.empty() || !metric.where_not.empty() ||
         std::ranges::any_of(metric.labels, [](const LabelTemplate& label) {
           return std::ranges::any_of(SplitFields(label.text),
                                      &TextPiece::is_token);
         });
}

}  // namespace

void ReadMissing(const TableReader& reader, KeyLevel level,
                 MetricConfig& metric) {
  const TomlNode* const node = reader.Find("missing");
  if (node == nullptr) {
    return;
  }
  if (node->kind != TomlKind::kList) {
    reader.FailAt("missing",
                  "missing must be a list of texts, such as [\"N/A\", \"-\"], "
                  "not " +
                      Describe(node->kind));
    return;
  }
  // A metric may remove the texts of its collector.
  if (node->items.empty() &&
      (level == KeyLevel::kCollector || metric.missing.empty())) {
    reader.FailAt("missing",
                  "missing is empty: name a text such as \"N/A\" or remove it");
  }
  metric.missing.clear();
  std::set<std::string> seen;
  for (const TomlNode& item : node->items) {
    auto text = reader.TextOf(item, "an element of missing");
    if (!text) {
      continue;
    }
    if (!seen.insert(*text).second) {
      reader.Fail(item.position,
                  "missing holds " + Quote(*text) + " twice: remove one");
    } else {
      metric.missing.push_back(std::move(*text));
    }
  }
}

void CheckMissing(const TableReader& reader, const MetricConfig& metric) {
  if (reader.Has("missing") && !metric.missing.empty() && !UsesFields(metric)) {
    reader.FailAt("missing",
                  "missing has no effect, since the metric uses no field: "
                  "remove it");
  }
  for (const std::string& text : metric.missing) {
    if (metric.map.contains(text)) {
      reader.FailAt("map", "map names " + Quote(text) +
                               ", which missing makes an absent field: remove "
                               "it from one of them");
    }
  }
}

}  // namespace command_exporter
