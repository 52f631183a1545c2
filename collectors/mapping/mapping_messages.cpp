#include "collectors/mapping/mapping_messages.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "collectors/mapping/number_hints.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

constexpr std::size_t kFieldsShown = 12;

std::string Subject(const CompiledMetric& metric) {
  return "metric \"" + metric.config->name + "\"";
}

std::string At(std::size_t line) {
  return "line " + std::to_string(line) + ": ";
}

// For a name that was split too late: `uptime 12:34:56` has the name "uptime
// 12", because `:` comes before blanks.
std::string SplitHint(std::string_view field,
                      std::span<const std::string_view> names,
                      const Rows& rows) {
  if (rows.has_closed_names || !rows.unmatched_lines) {
    return "";
  }
  const auto longer = std::ranges::find_if(names, [field](auto name) {
    return name.starts_with(field) && name.size() > field.size() &&
           (name[field.size()] == ' ' || name[field.size()] == '\t');
  });
  return longer == names.end() ? ""
                               : "; there is " + Quote(*longer) +
                                     ": if a blank ends the names, set "
                                     "separator = \" \"";
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
  const auto differs_by_blanks = [field](std::string_view name) {
    return Trim(name) == Trim(field);
  };
  const auto similar = std::ranges::find_if(names, differs_by_blanks);
  if (rows.has_header && similar != names.end()) {
    return "; there is " + Quote(*similar) +
           ": to remove the blanks write trim = \" \"";
  }
  if (std::string hint = SplitHint(field, names, rows); !hint.empty()) {
    return hint;
  }
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

// A text without a digit in a number's place.
std::string MissingHint(std::string_view text) {
  return text.empty() || std::ranges::any_of(text, IsDigit)
             ? ""
             : "; if it means \"not there\", write missing = [" + Quote(text) +
                   "]";
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
                 std::string_view text, std::size_t line, bool can_be_missing) {
  std::string message = At(line) + Subject(metric) + ": " + Quote(text) +
                        " in the field " + Quote(field);
  if (metric.maps_numbers && !text.empty()) {
    return {Reason::kParse,
            message + " is not in map, whose keys are numbers; add " +
                Key(text) + " to it" +
                (can_be_missing ? MissingHint(text) : std::string{})};
  }
  message += " is no number";
  if (metric.config->unit != nullptr) {
    message += " in " + std::string(metric.config->unit->name);
  }
  if (metric.form.base != kDecimalBase) {
    message += " in base " + std::to_string(metric.form.base);
  }
  if (!metric.map.empty()) {
    message += " and not in map";
  }
  if (text.empty()) {
    message += "; to leave such rows out, write where = { " + Key(field) +
               " = \".+\" }";
  }
  return {Reason::kParse,
          message + NumberHint(text, metric.form) +
              (can_be_missing ? MissingHint(text) : std::string{})};
}

Failure NotFinite(const CompiledMetric& metric, std::string_view field,
                  std::string_view text, std::size_t line) {
  return {Reason::kParse,
          At(line) + Subject(metric) + ": the field " + Quote(field) +
              " is a number that is not finite; if such an item has no value, "
              "write missing = [" +
              Quote(text) + "]"};
}

Failure CutNumber(const CompiledMetric& metric, std::string_view field,
                  std::string_view text, std::string_view whole,
                  std::size_t line) {
  return {Reason::kParse,
          At(line) + Subject(metric) + ": " + Quote(text) + " in the field " +
              Quote(field) + " is only a part of " + Quote(whole) +
              ": let the group match the whole number, or the pattern what "
              "stands beside it"};
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

Failure MissingValueField(const CompiledMetric& metric, std::string_view field,
                          const Rows& rows) {
  const bool is_only = metric.values.size() == 1;
  return {Reason::kMissing, Subject(metric) +
                                (is_only ? " got no sample" : "") +
                                ": no row has the field " + Quote(field) +
                                FieldHint(field, rows)};
}

Failure MissingConditionField(const CompiledMetric& metric,
                              std::string_view key, std::string_view field,
                              const Rows& rows) {
  return {Reason::kMissing, Subject(metric) + ": no row has the field " +
                                Quote(field) + " of its " + std::string(key) +
                                FieldHint(field, rows)};
}

namespace {

// The fields of `where` and `where_not`, each once.
std::vector<std::size_t> ConditionFields(const CompiledMetric& metric) {
  std::vector<std::size_t> fields = metric.conditions;
  for (const std::size_t field : metric.exclusions) {
    if (std::ranges::find(fields, field) == fields.end()) {
      fields.push_back(field);
    }
  }
  return fields;
}

// The keys that stop rows.
std::string ConditionKeys(const CompiledMetric& metric) {
  if (metric.exclusions.empty()) {
    return "its where";
  }
  return metric.conditions.empty() ? "its where_not" : "its where or where_not";
}

// The values that the conditions found in the first row.
std::string FirstRow(const CompiledMetric& metric, const Rows& rows) {
  std::string text;
  for (const std::size_t condition : ConditionFields(metric)) {
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

// Names the text that made the field an absent one; empty: none did.
std::string MissingText(const CompiledMetric& metric, std::string_view field,
                        const Rows& rows) {
  const std::vector<std::string>& missing = metric.config->missing;
  const std::size_t column = rows.FindColumn(field);
  if (missing.empty() || column == Rows::kNoColumn) {
    return {};
  }
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto cell = rows.Get(row, column);
    if (cell && std::ranges::find(missing, *cell) != missing.end()) {
      return ", since missing names " + Quote(*cell) +
             "; if that may be, set on_missing = \"skip\"";
    }
  }
  return {};
}

}  // namespace

Failure NoSample(const CompiledMetric& metric, const Rows& rows,
                 std::size_t passed) {
  std::string message = Subject(metric) + " got no sample: ";
  if (rows.size() == 0) {
    message += metric.config->pattern ? "its pattern matched nothing"
                                      : "the output gave no row";
    if (rows.header_line > 0) {
      message += "; line " + std::to_string(rows.header_line) +
                 " was read as the header: if it is a row, write header = "
                 "false and columns";
    }
  } else if (passed == 0) {
    message +=
        ConditionKeys(metric) + " stopped " +
        (rows.size() == 1 ? std::string("the only row")
                          : "all " + std::to_string(rows.size()) + " rows");
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
    const std::string why = MissingText(metric, field, rows);
    message += "no row has the field " + Quote(field) +
               (why.empty() ? FieldHint(field, rows) : why);
  }
  return {Reason::kMissing, message};
}

}  // namespace command_exporter
