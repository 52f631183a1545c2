#include "collectors/mapping/all_fields.hpp"

#include <optional>
#include <string>
#include <utility>

#include "collectors/mapping/compiled_metric.hpp"
#include "core/base/names.hpp"
#include "core/base/number.hpp"
#include "core/base/text.hpp"
#include "core/metrics/sample_faults.hpp"

namespace command_exporter {
namespace {

std::optional<double> ReadNumber(const Rows& rows, std::string_view text) {
  if (text == "true") {
    return 1;
  }
  if (text == "false") {
    return 0;
  }
  return rows.IsNotFinite(text) ? std::nullopt : ParseNumber(text);
}

Failure NoNumberFor(std::string_view name, std::string_view text,
                    std::size_t line) {
  return {Reason::kParse,
          "line " + std::to_string(line) + ": the value of \"" +
              std::string(name) + "\" is \"" + Printable(text) +
              "\", which is no number; list the metrics that are wanted"};
}

Failure SecondFor(std::string_view name, std::size_t line) {
  return {Reason::kDuplicate, "line " + std::to_string(line) +
                                  ": a second value for \"" +
                                  std::string(name) + "\""};
}

// The reason why a key cannot be the metric `name`, which has the prefix; empty
// if it can.
std::string NameFault(const std::string& key, const std::string& name) {
  if (name.size() > kLongestName) {
    return Printable(name) + ": " +
           TooLongText("a metric's name", name.size(), kLongestName);
  }
  return IsCollectedMetricName(name) && !key.starts_with('_')
             ? std::string{}
             : Printable(name) + ": no legal metric name";
}

}  // namespace

Status<Failure> MapAllFields(const CollectorConfig& collector,
                             const Labels& matrix, const Rows& rows,
                             MetricFamilies& families, Drops& drops) {
  MetricFamilies found(rows.columns().size());  // by column
  for (std::size_t column = 0; column < found.size(); ++column) {
    const std::string& key = rows.columns()[column];
    const std::string name = collector.format.prefix + key;
    if (std::string fault = NameFault(key, name); !fault.empty()) {
      drops.Add(DropReason::kName, std::move(fault));
      continue;
    }
    if (const std::size_t line = rows.RepeatLine(key); line > 0) {
      return SecondFor(name, line);
    }
    found[column] =
        MakeFamily(name, DefaultHelp(collector.name), DefaultType(name));
  }
  // Visits cell by cell: searching each column in each row would take quadratic
  // time when each row has a column of its own.
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (const auto& [column, text] : rows.Cells(row)) {
      prometheus::MetricFamily& family = found[column];
      if (family.name.empty()) {
        continue;
      }
      const auto number = ReadNumber(rows, text);
      if (!number) {
        return NoNumberFor(family.name, text, rows.LineOf(row, text));
      }
      if (!family.metric.empty()) {
        return SecondFor(family.name, rows.line(row));
      }
      AddSample(family, matrix, *number);
    }
  }
  for (prometheus::MetricFamily& family : found) {
    if (!family.metric.empty()) {
      families.push_back(std::move(family));
    }
  }
  return Done{};
}

}  // namespace command_exporter
