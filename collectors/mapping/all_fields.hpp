// key_value, json and number without a metric: each `echo "$name $value"` of a
// script becomes a metric of that name.
//
// Thread safety: pure.
#ifndef COMMAND_EXPORTER_COLLECTORS_MAPPING_ALL_FIELDS_HPP_
#define COMMAND_EXPORTER_COLLECTORS_MAPPING_ALL_FIELDS_HPP_

#include "collectors/formats/rows.hpp"
#include "core/base/reason.hpp"
#include "core/base/result.hpp"
#include "core/config/config.hpp"
#include "core/metrics/drops.hpp"
#include "core/metrics/families.hpp"

namespace command_exporter {

// Every field with a legal name, behind the prefix of `collector`, becomes a
// gauge (or, by its name, a counter); the others are counted in `drops`.
// Errors: kParse, kDuplicate.
Status<Failure> MapAllFields(const CollectorConfig& collector,
                             const Labels& matrix, const Rows& rows,
                             MetricFamilies& families, Drops& drops);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_MAPPING_ALL_FIELDS_HPP_
