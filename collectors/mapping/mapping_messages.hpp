// The messages of the metric mapper's failures: which metric, where, and how to
// fix it.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_MAPPING_MAPPING_MESSAGES_HPP_
#define COMMAND_EXPORTER_COLLECTORS_MAPPING_MAPPING_MESSAGES_HPP_

#include <prometheus/client_metric.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "collectors/formats/rows.hpp"
#include "collectors/mapping/compiled_metric.hpp"
#include "core/base/reason.hpp"

namespace command_exporter {

// kParse; says if the text would be a number with some unit, or may mean "not
// there". `can_be_missing`: its format takes the key `missing`.
Failure NoNumber(const CompiledMetric& metric, std::string_view field,
                 std::string_view text, std::size_t line, bool can_be_missing);

// kParse: of a number in JSON, which has none that is not finite.
Failure NotFinite(const CompiledMetric& metric, std::string_view field,
                  std::string_view text, std::size_t line);

// kParse: a pattern took only a part of the number `whole`.
Failure CutNumber(const CompiledMetric& metric, std::string_view field,
                  std::string_view text, std::string_view whole,
                  std::size_t line);

// kDuplicate: `first` is the sample from `first_line`.
Failure SecondSample(const CompiledMetric& metric,
                     const prometheus::ClientMetric& first,
                     std::size_t first_line, std::size_t line);

// kSampleLimit.
Failure TooManySamples(const CompiledMetric& metric, std::size_t max_samples);

// kDuplicate: the name has two meanings.
Failure RepeatedField(const CompiledMetric& metric, std::string_view field,
                      const Rows& rows);

// kParse: it is uncertain whether a field of the output belongs to this name.
Failure DoubtfulField(const CompiledMetric& metric, std::string_view field,
                      const Rows::Doubt& doubt);

// kMissing: no row has the field that a label needs.
Failure MissingLabelField(const CompiledMetric& metric, std::string_view label,
                          std::string_view field, const Rows& rows);

// kMissing: no row has a field that gives the value.
Failure MissingValueField(const CompiledMetric& metric, std::string_view field,
                          const Rows& rows);

// kMissing: no row has a field of `key`, which is where or where_not.
Failure MissingConditionField(const CompiledMetric& metric,
                              std::string_view key, std::string_view field,
                              const Rows& rows);

// kMissing: no sample at all. `passed`: the number of rows that `where`
// and `where_not` left.
Failure NoSample(const CompiledMetric& metric, const Rows& rows,
                 std::size_t passed);

// {a="b",c="d"}, or nothing without labels.
std::string LabelText(const prometheus::ClientMetric& sample);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_MAPPING_MAPPING_MESSAGES_HPP_
