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
  if (auto failure =
          CheckConditions(metric, "where", metric.conditions, rows, fields)) {
    return failure;
  }
  if (auto failure = CheckConditions(metric, "where_not", metric.exclusions,
                                     rows, fields)) {
    return failure;
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
