// Field checks: what is wrong with the fields that a metric names, in an
// output that is there.
//
// A wrong name must not end as an empty label or as a count of 0, so it is
// looked for before the rows are mapped.
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

// `fields`: of `metric`, in `rows`. Errors: kDuplicate, a field that the output
// has twice; kMissing, one that it does not have, unless on_missing = "skip"
// or there is a default.
std::optional<Failure> CheckNamedFields(const CompiledMetric& metric,
                                        const Rows& rows,
                                        const FieldReader& fields);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_MAPPING_FIELD_CHECKS_HPP_
