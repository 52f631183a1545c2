// Field checks: compares the fields that a metric names with an actual output.
//
// A wrong name must not become an empty label, a count of 0 or a series that
// never comes, so it is checked before the rows are mapped.
//
// Thread safety: pure function.
#ifndef COMMAND_EXPORTER_COLLECTORS_MAPPING_FIELD_CHECKS_HPP_
#define COMMAND_EXPORTER_COLLECTORS_MAPPING_FIELD_CHECKS_HPP_

#include <cstddef>
#include <optional>
#include <string_view>

#include "collectors/formats/rows.hpp"
#include "collectors/mapping/compiled_metric.hpp"
#include "collectors/mapping/field_reader.hpp"
#include "core/base/reason.hpp"

namespace command_exporter {

// `fields` are those of `metric` in `rows`. Errors: kDuplicate, if the output
// has a field twice; kParse, if it is uncertain which field is meant; kMissing,
// if no row has a field. With on_missing = "skip" or a default, kMissing only
// if no row can have it.
std::optional<Failure> CheckNamedFields(const CompiledMetric& metric,
                                        const Rows& rows,
                                        const FieldReader& fields);

// kParse: `text`, which is a number or in `map`, is none that may be published.
std::optional<Failure> CheckNumber(const CompiledMetric& metric,
                                   std::size_t field, std::string_view text,
                                   std::size_t row, const Rows& rows);

// kMissing: no row has one of several fields that give the value, and neither
// on_missing = "skip" nor a default allows it.
std::optional<Failure> CheckListedValues(const CompiledMetric& metric,
                                         const Rows& rows,
                                         const FieldReader& fields);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_MAPPING_FIELD_CHECKS_HPP_
