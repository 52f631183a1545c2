// CompiledMetric: a [[collector.metric]] prepared for many runs.
//
// Templates are split into pieces, matrix values are substituted, and every
// field of the metric is listed once, so that a run looks up each name only
// once.
//
// Thread safety: immutable. Views point into the configuration, which must
// outlive this object.
#ifndef COMMAND_EXPORTER_COLLECTORS_MAPPING_COMPILED_METRIC_HPP_
#define COMMAND_EXPORTER_COLLECTORS_MAPPING_COMPILED_METRIC_HPP_

#include <prometheus/metric_type.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/number_form.hpp"
#include "core/config/config.hpp"
#include "core/metrics/families.hpp"

namespace command_exporter {

// A piece of a label template: literal text or a field.
struct TemplatePiece {
  std::string text{};                  // if it is not a field
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

  // The number in the base unit that `text` means; none if it is not a number,
  // or one that `map` should name.
  std::optional<double> Number(std::string_view text) const;

  const MetricConfig* config{};
  NumberForm form{};  // how the output prints the numbers
  std::string help{};
  prometheus::MetricType type{};
  std::vector<std::string> fields{};      // all named fields
  std::vector<CompiledLabel> labels{};    // sorted by name
  std::vector<std::size_t> varying{};     // labels that can differ
  std::vector<std::size_t> values{};      // fields that give the value
  std::vector<std::size_t> conditions{};  // fields of `where`, in its order
  std::vector<std::size_t> exclusions{};  // fields of `where_not`
  std::map<std::string_view, double> map{};
  // `map` names numbers, and with them all that may come: another one is none.
  bool maps_numbers{};

 private:
  std::size_t AddField(std::string_view name);
  CompiledLabel Compile(const LabelTemplate& label, const Labels& matrix);
  bool IsNumberKey(std::string_view text) const;
  std::optional<double> Read(std::string_view text) const;

  bool is_plain_ = true;  // `form` is
  // `scale` as a power of ten, or else as a factor.
  int power10_ = 0;
  double factor_ = 1;
};

// counter for *_total, else gauge.
prometheus::MetricType DefaultType(std::string_view metric);
std::string DefaultHelp(std::string_view collector);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_MAPPING_COMPILED_METRIC_HPP_
