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
  if (!fields.Exists(field) || fields.IsMade(field) || !rows.has_header) {
    return fields.Exists(field);
  }
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (fields.IsPrinted(field, row)) {
      return true;
    }
  }
  return false;
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
  if (rows.size() == 0 || metric.config->on_missing == OnMissing::kSkip ||
      metric.config->default_value) {
    return std::nullopt;
  }
  for (const std::size_t field : metric.conditions) {
    if (!fields.Exists(field)) {
      return MissingConditionField(metric, "where", metric.fields[field], rows);
    }
  }
  for (const std::size_t field : metric.exclusions) {
    if (!fields.Exists(field)) {
      return MissingConditionField(metric, "where_not", metric.fields[field],
                                   rows);
    }
  }
  for (const CompiledLabel& label : metric.labels) {
    for (const TemplatePiece& piece : label.pieces) {
      if (piece.field && !HasField(rows, fields, *piece.field)) {
        return MissingLabelField(metric, label.name,
                                 metric.fields[*piece.field], rows);
      }
    }
  }
  return std::nullopt;
}

}  // namespace command_exporter
