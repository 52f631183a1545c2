#include "collectors/mapping/compiled_metric.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "core/base/number.hpp"
#include "core/base/text.hpp"
#include "core/config/placeholders.hpp"

namespace command_exporter {
namespace {

const std::string* FindLabel(const Labels& labels, std::string_view name) {
  const auto found =
      std::ranges::find(labels, name, &Labels::value_type::first);
  return found == labels.end() ? nullptr : &found->second;
}

prometheus::MetricType TypeOf(const MetricConfig& metric) {
  if (!metric.type) {
    return DefaultType(metric.name);
  }
  switch (*metric.type) {
    case MetricType::kCounter:
      return prometheus::MetricType::Counter;
    case MetricType::kGauge:
      return prometheus::MetricType::Gauge;
    case MetricType::kUntyped:
      break;
  }
  return prometheus::MetricType::Untyped;
}

// n if `scale` is 10^n, else 0. Such a scale is applied to the decimal text,
// where it is exact: 1.001 * 1000 would be 1000.9999999999999.
int PowerOf10(double scale) {
  constexpr std::size_t kLongest = 32;
  std::array<char, kLongest> buffer{};
  const auto written =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), scale,
                    std::chars_format::scientific);
  const std::string_view text(
      buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data()));
  if (!text.starts_with("1e")) {
    return 0;
  }
  int power = 0;
  const std::size_t digits = text[2] == '+' ? 3 : 2;
  std::from_chars(text.data() + digits, written.ptr, power);
  return power;
}

}  // namespace

prometheus::MetricType DefaultType(std::string_view metric) {
  return metric.ends_with("_total") ? prometheus::MetricType::Counter
                                    : prometheus::MetricType::Gauge;
}

std::string DefaultHelp(std::string_view collector) {
  return "From collector \"" + std::string(collector) + "\".";
}

bool CompiledLabel::IsConstant() const {
  return !names_value &&
         std::ranges::none_of(pieces, [](const TemplatePiece& piece) {
           return piece.field.has_value();
         });
}

CompiledMetric::CompiledMetric(const MetricConfig& metric,
                               std::string_view collector, const Labels& matrix)
    : config(&metric),
      form{metric.unit, metric.bare, metric.suffix, metric.base,
           metric.grouping},
      help(metric.help.empty() ? DefaultHelp(collector) : metric.help),
      type(TypeOf(metric)),
      is_plain_(form.IsPlain()),
      power10_(PowerOf10(metric.scale)),
      factor_(power10_ == 0 ? metric.scale : 1) {
  if (metric.aggregate != Aggregate::kCount && !metric.constant) {
    for (const std::string& value : metric.values) {
      values.push_back(AddField(value));
    }
  }
  for (const RowCondition& condition : metric.where) {
    conditions.push_back(AddField(condition.field));
  }
  for (const RowCondition& condition : metric.where_not) {
    exclusions.push_back(AddField(condition.field));
  }
  for (const auto& [text, number] : metric.map) {
    map.emplace(text, number);
    maps_numbers = maps_numbers || IsNumberKey(text);
  }
  for (const LabelTemplate& label : metric.labels) {
    labels.push_back(Compile(label, matrix));
  }
  if (!metric.value_label.empty()) {
    labels.push_back({.name = metric.value_label, .names_value = true});
  }
  for (const auto& [name, value] : matrix) {
    labels.push_back({.name = name, .pieces = {{.text = value}}});
  }
  std::ranges::sort(labels, {}, &CompiledLabel::name);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto known = metric.known.find(labels[i].name);
    labels[i].known = known == metric.known.end() ? nullptr : &known->second;
    if (!labels[i].IsConstant() || labels[i].known != nullptr) {
      varying.push_back(i);
    }
  }
}

std::size_t CompiledMetric::AddField(std::string_view name) {
  const auto found = std::ranges::find(fields, name);
  if (found != fields.end()) {
    return static_cast<std::size_t>(found - fields.begin());
  }
  fields.emplace_back(name);
  return fields.size() - 1;
}

CompiledLabel CompiledMetric::Compile(const LabelTemplate& label,
                                      const Labels& matrix) {
  CompiledLabel compiled{.name = label.name};
  std::string literal;
  const auto end_literal = [&] {
    if (!literal.empty()) {
      compiled.pieces.push_back({.text = std::exchange(literal, {})});
    }
  };
  for (const TextPiece& piece : SplitFields(label.text)) {
    const std::string* const value =
        piece.is_token ? FindLabel(matrix, piece.text) : nullptr;
    if (piece.is_token && value == nullptr) {
      end_literal();
      compiled.pieces.push_back({.field = AddField(piece.text)});
    } else {
      literal += value == nullptr ? piece.text : std::string_view(*value);
    }
  }
  end_literal();
  return compiled;
}

// Most metrics have plain numbers, which are read without the questions of the
// other forms.
std::optional<double> CompiledMetric::Read(std::string_view text) const {
  return is_plain_ ? ParseQuantity(text, form.unit, power10_)
                   : ReadNumber(text, form, power10_);
}

// In base 16, and as nan or inf, a word can be a number, too.
bool CompiledMetric::IsNumberKey(std::string_view text) const {
  const std::size_t first = text.find_first_not_of("+-.");
  return first != std::string_view::npos && IsDigit(text[first]) &&
         (ParseNumber(text) || Read(text));
}

std::optional<double> CompiledMetric::Number(std::string_view text) const {
  if (!map.empty()) {
    const auto mapped = map.find(text);
    if (mapped != map.end()) {
      return mapped->second;
    }
    if (maps_numbers) {
      return std::nullopt;
    }
  }
  if (const auto number = Read(text)) {
    return Scaled(*number, factor_);
  }
  if (text == "true") {
    return 1;
  }
  if (text == "false") {
    return 0;
  }
  return std::nullopt;
}

}  // namespace command_exporter
