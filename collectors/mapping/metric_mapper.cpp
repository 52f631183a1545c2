#include "collectors/mapping/metric_mapper.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "collectors/mapping/field_checks.hpp"
#include "collectors/mapping/field_reader.hpp"
#include "collectors/mapping/mapping_messages.hpp"
#include "collectors/mapping/series_set.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

// One metric over the rows of one run.
class Mapping {
 public:
  Mapping(const CompiledMetric& metric, const Rows& rows,
          std::size_t max_samples)
      : max_samples_(max_samples),
        metric_(metric),
        rows_(rows),
        fields_(metric.fields, metric.config->missing, rows),
        names_(Views(metric.labels, &CompiledLabel::name)),
        family_(MakeFamily(metric.config->name, metric.help, metric.type)),
        series_(family_, names_, metric.varying),
        labels_(metric.labels.size()),
        rendered_(metric.labels.size()) {}

  Result<prometheus::MetricFamily, Failure> Run();

 private:
  bool Passes(std::size_t row) const;
  void RenderLabels(std::size_t row);
  std::optional<Failure> AddRow(std::size_t row);
  std::optional<Failure> AddValue(std::size_t row, double value);
  void Combine(std::size_t index, double value);
  void AddKnown();
  void AddKnownFrom(std::size_t label, double value);
  bool AddKnownWithoutRows(double value);
  void AddStatic(double value);
  void AddFiller(double value);
  bool LabelsNeedRows() const;
  std::optional<Failure> FillUp();

  const std::size_t max_samples_;
  const CompiledMetric& metric_;
  const Rows& rows_;
  FieldReader fields_;
  std::vector<std::string_view> names_;
  prometheus::MetricFamily family_;
  SeriesSet series_;
  std::vector<std::string_view> labels_;  // values of the current sample
  std::vector<std::string> rendered_;     // text of those made of pieces
  std::vector<double> values_;            // of each series
  std::vector<std::size_t> lines_;        // first of each series
  std::size_t passed_ = 0;  // rows left by `where` and `where_not`
};

bool Mapping::Passes(std::size_t row) const {
  FieldReader::Buffer buffer;
  const std::vector<RowCondition>& where = metric_.config->where;
  for (std::size_t i = 0; i < where.size(); ++i) {
    const auto text = fields_.Text(metric_.conditions[i], row, buffer);
    if (!text || !where[i].pattern.FullMatch(*text)) {
      return false;
    }
  }
  const std::vector<RowCondition>& where_not = metric_.config->where_not;
  for (std::size_t i = 0; i < where_not.size(); ++i) {
    if (!fields_.Exists(metric_.exclusions[i])) {
      return false;  // a sample without the condition would be wrong
    }
    const auto text = fields_.Text(metric_.exclusions[i], row, buffer);
    if (text && where_not[i].pattern.FullMatch(*text)) {
      return false;
    }
  }
  return true;
}

void Mapping::RenderLabels(std::size_t row) {
  FieldReader::Buffer buffer;
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    const std::vector<TemplatePiece>& pieces = metric_.labels[i].pieces;
    const bool is_cell = pieces.size() == 1 && pieces[0].field &&
                         !fields_.IsMade(*pieces[0].field);
    if (is_cell) {
      labels_[i] = fields_.Text(*pieces[0].field, row, buffer).value_or("");
    } else if (pieces.size() == 1 && !pieces[0].field) {
      labels_[i] = pieces[0].text;
    } else if (!pieces.empty()) {
      rendered_[i].clear();
      for (const TemplatePiece& piece : pieces) {
        rendered_[i] +=
            piece.field ? fields_.Text(*piece.field, row, buffer).value_or("")
                        : std::string_view(piece.text);
      }
      labels_[i] = rendered_[i];
    }
  }
}

void Mapping::Combine(std::size_t index, double value) {
  double& held = values_[index];
  switch (metric_.config->aggregate) {
    case Aggregate::kCount:
    case Aggregate::kSum:
      held += value;
      break;
    case Aggregate::kMin:
      held = std::fmin(held, value);
      break;
    case Aggregate::kMax:
      held = std::fmax(held, value);
      break;
    case Aggregate::kLast:
      held = value;
      break;
    case Aggregate::kNone:
    case Aggregate::kFirst:
      break;
  }
}

std::optional<Failure> Mapping::AddValue(std::size_t row, double value) {
  const SeriesSet::Found found = series_.FindOrAdd(labels_);
  if (found.is_new) {
    if (series_.size() > max_samples_) {
      return TooManySamples(metric_, max_samples_);
    }
    values_.push_back(value);
    lines_.push_back(rows_.line(row));
    return std::nullopt;
  }
  if (metric_.config->aggregate == Aggregate::kNone) {
    return SecondSample(metric_, family_.metric[found.index],
                        lines_[found.index], rows_.line(row));
  }
  Combine(found.index, value);
  return std::nullopt;
}

std::optional<Failure> Mapping::AddRow(std::size_t row) {
  RenderLabels(row);
  if (metric_.config->aggregate == Aggregate::kCount) {
    return AddValue(row, 1);
  }
  if (metric_.config->constant) {
    return AddValue(row, *metric_.config->constant);
  }
  FieldReader::Buffer buffer;
  for (const std::size_t field : metric_.values) {
    const auto text = fields_.Text(field, row, buffer);
    if (!text) {
      continue;
    }
    const auto number = metric_.Number(*text);
    if (!number) {
      return NoNumber(metric_, metric_.fields[field], *text,
                      rows_.LineOf(row, *text), rows_.can_be_missing);
    }
    if (auto failure = CheckNumber(metric_, field, *text, row, rows_)) {
      return failure;
    }
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      if (metric_.labels[i].names_value) {
        labels_[i] = metric_.fields[field];
      }
    }
    if (auto failure = AddValue(row, *number)) {
      return failure;
    }
  }
  return std::nullopt;
}

// Adds at most one more than allowed, which FillUp detects.
void Mapping::AddFiller(double value) {
  if (series_.size() <= max_samples_ && series_.FindOrAdd(labels_).is_new) {
    values_.push_back(value);
  }
}

// Adds all known values of the labels from `label` on.
void Mapping::AddKnownFrom(std::size_t label, double value) {
  while (label < labels_.size() && metric_.labels[label].known == nullptr) {
    ++label;
  }
  if (label == labels_.size()) {
    AddFiller(value);
    return;
  }
  for (const std::string& known : *metric_.labels[label].known) {
    if (series_.size() > max_samples_) {
      return;
    }
    labels_[label] = known;
    AddKnownFrom(label + 1, value);
  }
}

// Adds every known value with every existing combination of the other labels.
void Mapping::AddKnown() {
  const double value = metric_.config->default_value.value_or(0);
  if (!LabelsNeedRows()) {
    RenderLabels(FieldReader::kNoRow);
    AddKnownFrom(0, value);
    return;
  }
  if (passed_ == 0 && AddKnownWithoutRows(value)) {
    return;
  }
  std::vector<std::string> held(labels_.size());
  const std::size_t present = series_.size();
  for (std::size_t i = 0; i < present && series_.size() <= max_samples_; ++i) {
    for (std::size_t j = 0; j < labels_.size(); ++j) {
      held[j] = family_.metric[i].label[j].value;
      labels_[j] = held[j];
    }
    AddKnownFrom(0, value);
  }
}

// For metrics in which only the value_label needs a row: its values are the
// fields.
bool Mapping::AddKnownWithoutRows(double value) {
  std::size_t value_label = labels_.size();
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    const CompiledLabel& label = metric_.labels[i];
    if (label.names_value) {
      value_label = i;
    } else if (!label.IsConstant() && label.known == nullptr) {
      return false;
    }
  }
  RenderLabels(FieldReader::kNoRow);
  for (const std::size_t field : metric_.values) {
    labels_[value_label] = metric_.fields[field];
    AddKnownFrom(0, value);
  }
  return true;
}

// True if some label varies with the rows and its values are unknown.
bool Mapping::LabelsNeedRows() const {
  return std::ranges::any_of(metric_.labels, [](const CompiledLabel& label) {
    return !label.IsConstant() && label.known == nullptr;
  });
}

// Adds the sample of a metric without a row for its labels.
void Mapping::AddStatic(double value) {
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    const CompiledLabel& label = metric_.labels[i];
    if (label.names_value) {
      for (const std::size_t field : metric_.values) {
        labels_[i] = metric_.fields[field];
        AddFiller(value);
      }
      return;
    }
  }
  AddFiller(value);
}

// Adds the samples that need no row: known label values, counts of 0, defaults.
std::optional<Failure> Mapping::FillUp() {
  const MetricConfig& config = *metric_.config;
  if (!config.known.empty()) {
    AddKnown();
    if (series_.size() > max_samples_) {
      return TooManySamples(metric_, max_samples_);
    }
  }
  if (series_.size() > 0) {
    return CheckListedValues(metric_, rows_, fields_);
  }
  const bool counts = config.aggregate == Aggregate::kCount;
  if (counts || config.default_value) {
    const bool from_rows =
        std::ranges::any_of(metric_.labels, [](const CompiledLabel& label) {
          return !label.IsConstant() && !label.names_value;
        });
    if (!from_rows) {
      RenderLabels(FieldReader::kNoRow);
      AddStatic(config.default_value.value_or(0));
    }
    if (counts || !from_rows) {
      return std::nullopt;
    }
  }
  if (config.on_missing == OnMissing::kSkip) {
    return std::nullopt;
  }
  return NoSample(metric_, rows_, passed_);
}

Result<prometheus::MetricFamily, Failure> Mapping::Run() {
  if (auto failure = CheckNamedFields(metric_, rows_, fields_)) {
    if (metric_.config->on_missing == OnMissing::kSkip &&
        failure->reason == Reason::kMissing) {
      return std::move(family_);
    }
    return std::move(*failure);
  }
  if (metric_.config->aggregate == Aggregate::kNone &&
      metric_.config->where.empty() && metric_.config->where_not.empty()) {
    const std::size_t expected =
        std::min(rows_.size() * std::max<std::size_t>(1, metric_.values.size()),
                 max_samples_ + 1);
    series_.Reserve(expected);
    values_.reserve(expected);
    lines_.reserve(expected);
  }
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    if (!Passes(row)) {
      continue;
    }
    ++passed_;
    if (auto failure = AddRow(row)) {
      return std::move(*failure);
    }
  }
  if (auto failure = FillUp()) {
    return std::move(*failure);
  }
  for (std::size_t i = 0; i < values_.size(); ++i) {
    SetValue(family_.metric[i], family_.type, values_[i]);
  }
  return std::move(family_);
}

}  // namespace

Status<Failure> MetricMapper::Map(const Rows& rows, std::size_t max_samples,
                                  MetricFamilies& families) const {
  auto family = Mapping(metric_, rows, max_samples).Run();
  if (!family) {
    return family.error();
  }
  if (!family->metric.empty()) {
    families.push_back(*std::move(family));
  }
  return Done{};
}

}  // namespace command_exporter
