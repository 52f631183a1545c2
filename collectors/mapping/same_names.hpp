// Metrics of one collector that share a name become one family.
//
// The configuration allows it where labels, `where`, `value` or `pattern` tell
// them apart; whether they do is known only when there are samples.
//
// Thread safety: pure function.
#ifndef COMMAND_EXPORTER_COLLECTORS_MAPPING_SAME_NAMES_HPP_
#define COMMAND_EXPORTER_COLLECTORS_MAPPING_SAME_NAMES_HPP_

#include <optional>

#include "core/base/reason.hpp"
#include "core/metrics/families.hpp"

namespace command_exporter {

// Joins families of the same name at the place of the first. Samples hold
// their labels sorted, as MetricMapper makes them. Errors: kDuplicate, two of
// the metrics gave the same series.
std::optional<Failure> JoinSameNames(MetricFamilies& families);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_MAPPING_SAME_NAMES_HPP_
