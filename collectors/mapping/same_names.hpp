// Joins metrics of one collector that share a name into one family.
//
// The configuration allows the same name if labels, `where`, `value` or
// `pattern` differ; whether the series differ is known only when there are
// samples.
//
// Thread safety: pure function.
#ifndef COMMAND_EXPORTER_COLLECTORS_MAPPING_SAME_NAMES_HPP_
#define COMMAND_EXPORTER_COLLECTORS_MAPPING_SAME_NAMES_HPP_

#include <optional>

#include "core/base/reason.hpp"
#include "core/metrics/families.hpp"

namespace command_exporter {

// Joins families of the same name at the position of the first. The labels of
// samples must be sorted, as MetricMapper returns them. Errors: kDuplicate, if
// two metrics gave the same series.
std::optional<Failure> JoinSameNames(MetricFamilies& families);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_MAPPING_SAME_NAMES_HPP_
