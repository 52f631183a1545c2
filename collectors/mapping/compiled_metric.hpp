// CompiledMetric: a [[collector.metric]] made ready for many runs.
//
// Templates are cut into pieces, matrix values are put in place, and every
// field that the metric names stands once in a list, so that a run has to look
// each up once and a row not at all.
//
// Thread safety: immutable. Views point into the configuration, which must
// outlive it.
#ifndef COMMAND_EXPORTER_COLLECTORS_MAPPING_COMPILED_METRIC_HPP_
#define COMMAND_EXPORTER_COLLECTORS_MAPPING_COMPILED_METRIC_HPP_

#include <prometheus/metric_type.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.hpp"
#include "core/metrics/families.hpp"

namespace command_exporter {

// A piece of a label template: text as it is, or a field.
struct TemplatePiece {
  std::string text{};                  // when it is no field
  std::optional<std::size_t> field{};  // index in CompiledMetric::fields
};

struct CompiledLabel {
  std::string name{};
  std::vector<TemplatePiece> pieces{};
  bool names_value{};  // it is the value_label
  // `known` for this label; null: none.
  const std::vector<std::string>* known{};

  bool IsConstant() const;
};

struct CompiledMetric {
  CompiledMetric(const MetricConfig& metric, std::string_view collector,
                 const Labels& matrix);

  // The number that `text` stands for in the base unit, none if it is none.
  std::optional<double> Number(std::string_view text) const;

  const MetricConfig* config{};
  std::string help{};
  prometheus::MetricType type{};
  std::vector<std::string> fields{};      // all that are named
  std::vector<CompiledLabel> labels{};    // sorted by name
  std::vector<std::size_t> varying{};     // labels that can differ
  std::vector<std::size_t> values{};      // fields that give the value
  std::vector<std::size_t> conditions{};  // fields of `where`, in its order
  std::map<std::string_view, double> map{};

 private:
  std::size_t AddField(std::string_view name);
  CompiledLabel Compile(const LabelTemplate& label, const Labels& matrix);

  // `scale`: a power of ten, or else a factor.
  int power10_ = 0;
  double factor_ = 1;
};

// counter for *_total, else gauge.
prometheus::MetricType DefaultType(std::string_view metric);
std::string DefaultHelp(std::string_view collector);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_MAPPING_COMPILED_METRIC_HPP_
