// Field checks: compares the fields that a metric names with an actual output.
//
// A wrong name must not become an empty label or a count of 0, so it is checked
// before the rows are mapped.
//
// Thread safety: pure function.
#ifndef COMMAND_EXPORTER_COLLECTORS_MAPPING_FIELD_CHECKS_HPP_
#define COMMAND_EXPORTER_COLLECTORS_MAPPING_FIELD_CHECKS_HPP_

#include <optional>

#include "collectors/formats/rows.hpp"
#include "collectors/mapping/compiled_metric.hpp"
#include "collectors/mapping/field_reader.hpp"
#include "core/base/reason.hpp"

namespace command_exporter {

// `fields` are those of `metric` in `rows`. Errors: kDuplicate, if the output
// has a field twice; kMissing, if it lacks a field, unless on_missing = "skip"
// or there is a default.
std::optional<Failure> CheckNamedFields(const CompiledMetric& metric,
                                        const Rows& rows,
                                        const FieldReader& fields);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_MAPPING_FIELD_CHECKS_HPP_
