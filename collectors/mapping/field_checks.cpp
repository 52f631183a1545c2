#include "collectors/mapping/field_checks.hpp"

#include <cstddef>

#include "collectors/mapping/mapping_messages.hpp"

namespace command_exporter {
namespace {

std::optional<Failure> CheckRepeats(const CompiledMetric& metric,
                                    const Rows& rows) {
  for (const std::string& field : metric.fields) {
    if (rows.RepeatLine(field) > 0) {
      return RepeatedField(metric, field, rows);
    }
  }
  return std::nullopt;
}

std::optional<Failure> CheckDoubts(const CompiledMetric& metric,
                                   const Rows& rows) {
  for (const std::string& field : metric.fields) {
    if (const Rows::Doubt* doubt = rows.FindDoubt(rows.FindColumn(field))) {
      return DoubtfulField(metric, field, *doubt);
    }
  }
  return std::nullopt;
}

// A header may name more columns than any row has. Without a header, the rows
// name only what was found, or what the pattern may omit.
bool HasField(const Rows& rows, const FieldReader& fields, std::size_t field) {
  const bool can_lack = rows.has_header && !fields.IsMade(field);
  return fields.Exists(field) && (!can_lack || fields.IsPrinted(field));
}

std::optional<Failure> CheckConditions(const CompiledMetric& metric,
                                       const char* key,
                                       const std::vector<std::size_t>& list,
                                       const Rows& rows,
                                       const FieldReader& fields) {
  for (const std::size_t field : list) {
    if (!fields.Exists(field)) {
      return MissingConditionField(metric, key, metric.fields[field], rows);
    }
  }
  return std::nullopt;
}

std::optional<Failure> CheckLabels(const CompiledMetric& metric,
                                   const Rows& rows, const FieldReader& fields,
                                   bool may_be_blank) {
  for (const CompiledLabel& label : metric.labels) {
    for (const TemplatePiece& piece : label.pieces) {
      if (piece.field &&
          !(may_be_blank ? fields.Exists(*piece.field)
                         : HasField(rows, fields, *piece.field))) {
        return MissingLabelField(metric, label.name,
                                 metric.fields[*piece.field], rows);
      }
    }
  }
  return std::nullopt;
}

// Names that no row can have are mistakes, whatever the metric says about
// fields that are absent at times.
std::optional<Failure> CheckNames(const CompiledMetric& metric,
                                  const Rows& rows, const FieldReader& fields) {
  const bool may_be_absent = metric.config->on_missing == OnMissing::kSkip ||
                             metric.config->default_value.has_value();
  if (rows.size() == 0 || (may_be_absent && !rows.has_closed_names)) {
    return std::nullopt;
  }
  if (auto failure =
          CheckConditions(metric, "where", metric.conditions, rows, fields)) {
    return failure;
  }
  if (auto failure = CheckConditions(metric, "where_not", metric.exclusions,
                                     rows, fields)) {
    return failure;
  }
  if (auto failure = CheckLabels(metric, rows, fields, may_be_absent)) {
    return failure;
  }
  for (const std::size_t field : metric.values) {
    if (rows.has_closed_names && !fields.Exists(field)) {
      return MissingValueField(metric, metric.fields[field], rows);
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Failure> CheckNamedFields(const CompiledMetric& metric,
                                        const Rows& rows,
                                        const FieldReader& fields) {
  if (rows.has_repeats()) {
    if (auto failure = CheckRepeats(metric, rows)) {
      return failure;
    }
  }
  if (rows.has_doubts()) {
    if (auto failure = CheckDoubts(metric, rows)) {
      return failure;
    }
  }
  return CheckNames(metric, rows, fields);
}

std::optional<Failure> CheckNumber(const CompiledMetric& metric,
                                   std::size_t field, std::string_view text,
                                   std::size_t row, const Rows& rows) {
  const std::string& name = metric.fields[field];
  if (rows.IsNotFinite(text) && !metric.map.contains(text)) {
    return NotFinite(metric, name, text, rows.LineOf(row, text));
  }
  const std::string_view whole = rows.FindCut(text);
  if (!whole.empty()) {
    return CutNumber(metric, name, text, whole, rows.LineOf(row, text));
  }
  return std::nullopt;
}

std::optional<Failure> CheckListedValues(const CompiledMetric& metric,
                                         const Rows& rows,
                                         const FieldReader& fields) {
  if (metric.values.size() < 2 || rows.size() == 0 ||
      metric.config->on_missing == OnMissing::kSkip ||
      metric.config->default_value) {
    return std::nullopt;
  }
  for (const std::size_t field : metric.values) {
    if (!fields.IsPrinted(field)) {
      return MissingValueField(metric, metric.fields[field], rows);
    }
  }
  return std::nullopt;
}

}  // namespace command_exporter
