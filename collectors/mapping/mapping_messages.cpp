#include "collectors/mapping/mapping_messages.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "core/base/units.hpp"

namespace command_exporter {
namespace {

constexpr std::size_t kFieldsShown = 12;

std::string Subject(const CompiledMetric& metric) {
  return "metric \"" + metric.config->name + "\"";
}

std::string At(std::size_t line) {
  return "line " + std::to_string(line) + ": ";
}

// "; did you mean "used"?", or the list of existing fields.
std::string FieldHint(std::string_view field, const Rows& rows) {
  if (rows.FindColumn(field) != Rows::kNoColumn && !rows.has_header) {
    return "";
  }
  if (rows.FindColumn(field) != Rows::kNoColumn) {
    return "; the header has it, but all rows are shorter: name the fields "
           "with columns, or set on_missing = \"skip\"";
  }
  const auto names = Views(rows.columns());
  if (std::string hint = DidYouMean(field, names); !hint.empty()) {
    return hint;
  }
  if (names.empty()) {
    return "; the output has no fields at all";
  }
  std::string hint = "; there are: ";
  for (std::size_t i = 0; i < names.size() && i < kFieldsShown; ++i) {
    hint += (i > 0 ? ", " : "") + Printable(names[i]);
  }
  return names.size() > kFieldsShown ? hint + ", ..." : hint;
}

// A field's name as a key of TOML.
std::string Key(std::string_view field) {
  const bool bare = std::ranges::all_of(field, [](char c) {
    return IsLetter(c) || IsDigit(c) || c == '_' || c == '-';
  });
  return bare ? std::string(field) : Quote(field);
}

// The hint for a text that would be a number without its commas.
std::string CommaHint(std::string_view text, const Unit* unit) {
  std::string plain(text);
  std::erase(plain, ',');
  return plain.size() < text.size() && ParseQuantity(plain, unit)
             ? "; a decimal comma and commas between digits are not read: does "
               "the command set a locale of its own?"
             : "";
}

std::string UnitHint(std::string_view text) {
  if (ParseQuantity(text, nullptr)) {
    return "";  // a number without unit, too, but too large
  }
  std::string units;
  for (const Unit& unit : Units()) {
    if (ParseQuantity(text, &unit)) {
      units += (units.empty() ? "" : " or ") + Quote(unit.name);
    }
  }
  return units.empty() ? "" : "; if it is meant, set unit = " + units;
}

}  // namespace

std::string LabelText(const prometheus::ClientMetric& sample) {
  std::string text;
  for (const auto& label : sample.label) {
    text += (text.empty() ? "{" : ",") + label.name + "=" + Quote(label.value);
  }
  return text.empty() ? text : text + "}";
}

Failure NoNumber(const CompiledMetric& metric, std::string_view field,
                 std::string_view text, std::size_t line) {
  std::string message = At(line) + Subject(metric) + ": " + Quote(text) +
                        " in the field " + Quote(field) + " is no number";
  if (metric.config->unit != nullptr) {
    message += " in " + std::string(metric.config->unit->name);
  }
  if (!metric.map.empty()) {
    message += " and not in map";
  }
  if (text.empty()) {
    message += "; to leave such rows out, write where = { " + Key(field) +
               " = \".+\" }";
  }
  return {Reason::kParse,
          message + CommaHint(text, metric.config->unit) + UnitHint(text)};
}

Failure SecondSample(const CompiledMetric& metric,
                     const prometheus::ClientMetric& first,
                     std::size_t first_line, std::size_t line) {
  const std::string labels = LabelText(first);
  return {Reason::kDuplicate,
          At(line) + Subject(metric) + " gets a second sample " +
              (labels.empty() ? "without labels" : "with " + labels) +
              ", the first is from line " + std::to_string(first_line) +
              "; add labels that tell them apart, or aggregate"};
}

Failure TooManySamples(const CompiledMetric& metric, std::size_t max_samples) {
  return {Reason::kSampleLimit,
          Subject(metric) + " gives more samples than the " +
              std::to_string(max_samples) +
              " of max_samples; aggregate them, or raise max_samples"};
}

Failure RepeatedField(const CompiledMetric& metric, std::string_view field,
                      const Rows& rows) {
  return {Reason::kDuplicate,
          At(rows.RepeatLine(field)) + Subject(metric) + " uses the field " +
              Quote(field) + ", but the output has it more than once; " +
              (rows.has_header ? "name the fields with columns"
                               : "format \"regex\" can pick one")};
}

Failure DoubtfulField(const CompiledMetric& metric, std::string_view field,
                      const Rows::Doubt& doubt) {
  return {Reason::kParse, At(doubt.line) + Subject(metric) +
                              " uses the field " + Quote(field) + ", but " +
                              doubt.why};
}

Failure MissingLabelField(const CompiledMetric& metric, std::string_view label,
                          std::string_view field, const Rows& rows) {
  return {Reason::kMissing, Subject(metric) + ": no row has the field " +
                                Quote(field) + " of the label " + Quote(label) +
                                FieldHint(field, rows)};
}

Failure MissingConditionField(const CompiledMetric& metric,
                              std::string_view field, const Rows& rows) {
  return {Reason::kMissing, Subject(metric) + ": no row has the field " +
                                Quote(field) + " of its where" +
                                FieldHint(field, rows)};
}

namespace {

// The values that the conditions of `where` found in the first row.
std::string FirstRow(const CompiledMetric& metric, const Rows& rows) {
  std::string text;
  for (const std::size_t condition : metric.conditions) {
    const std::string& field = metric.fields[condition];
    const std::size_t column = rows.FindColumn(field);
    const auto cell =
        column == Rows::kNoColumn ? std::nullopt : rows.Get(0, column);
    if (cell) {
      text += (text.empty() ? "; the first has " : ", ") + Quote(field) +
              " = " + Quote(*cell);
    }
  }
  return text;
}

}  // namespace

Failure NoSample(const CompiledMetric& metric, const Rows& rows,
                 std::size_t passed) {
  std::string message = Subject(metric) + " got no sample: ";
  if (rows.size() == 0) {
    message += metric.config->pattern ? "its pattern matched nothing"
                                      : "the output gave no row";
  } else if (passed == 0) {
    message += rows.size() == 1 ? std::string("its where stopped the only row")
                                : "its where stopped all " +
                                      std::to_string(rows.size()) + " rows";
    for (const std::size_t condition : metric.conditions) {
      const std::string& field = metric.fields[condition];
      if (!field.starts_with('_') &&
          rows.FindColumn(field) == Rows::kNoColumn) {
        return {Reason::kMissing, message + ", as none has the field " +
                                      Quote(field) + FieldHint(field, rows)};
      }
    }
    message += FirstRow(metric, rows);
  } else {
    // Rows passed, so the metric uses values; a count or a constant would have
    // samples.
    const std::string& field = metric.fields[metric.values.front()];
    message += "no row has the field " + Quote(field) + FieldHint(field, rows);
  }
  return {Reason::kMissing, message};
}

}  // namespace command_exporter
