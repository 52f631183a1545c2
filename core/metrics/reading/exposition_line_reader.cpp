#include "core/metrics/reading/exposition_line_reader.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "core/base/number.hpp"
#include "core/base/text.hpp"
#include "core/metrics/name_scheme.hpp"
#include "core/metrics/reading/comment_line.hpp"

namespace command_exporter {

namespace {

constexpr std::string_view kBlanks = " \t\r";

// [+-]?digits, as Go reads an int64.
bool IsInteger(std::string_view text) {
  constexpr std::size_t kMostDigits = 19;
  if (text.starts_with('-') || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  return !text.empty() && text.size() <= kMostDigits &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

// Of valid UTF-8.
std::size_t CountCharacters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(),
      [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

bool ExpositionLineReader::Read(std::string_view line) {
  const std::size_t first = line.find_first_not_of(kBlanks);
  line_.kind = LineKind::kNothing;
  if (first == std::string_view::npos) {
    return true;
  }
  cursor_.Start(line.substr(first, line.find_last_not_of(kBlanks) - first + 1));
  return cursor_.Take('#') ? ReadCommentLine(format_, cursor_, line_)
                           : ReadSample();
}

bool ExpositionLineReader::ReadSample() {
  const std::string_view whole = cursor_.rest();
  line_.kind = LineKind::kSample;
  line_.labels.clear();
  line_.has_exemplar = false;
  line_.name = cursor_.TakeName(true);
  if (line_.name.empty() && !cursor_.IsAt('{')) {
    return cursor_.FailAt("expected a metric name", whole);
  }
  if (!cursor_.AtEnd() && !cursor_.IsAt('{') && !cursor_.IsAtBlank()) {
    return cursor_.FailAt("not a legal metric name", whole);
  }
  cursor_.SkipBlanks();
  if (cursor_.Take('{') && !ReadLabels(line_.labels)) {
    return false;
  }
  return line_.name.empty() ? cursor_.FailAt("expected a metric name", whole)
                            : ReadValue();
}

// Requires: the opening brace is taken.
bool ExpositionLineReader::ReadLabels(std::vector<LabelView>& labels) {
  cursor_.SkipBlanks();
  while (!cursor_.Take('}')) {
    if (!ReadLabel(labels)) {
      return false;
    }
    cursor_.SkipBlanks();
    // Prometheus itself does not insist on the comma.
    if (cursor_.Take(',')) {
      cursor_.SkipBlanks();
    }
  }
  if (const auto name = RepeatedLabel(labels); !name.empty()) {
    return cursor_.Fail("the label " + DescribeLabelName(name) +
                        " stands there twice");
  }
  return true;
}

bool ExpositionLineReader::ReadLabel(std::vector<LabelView>& labels) {
  LabelView label;
  const std::string_view from = cursor_.rest();
  label.name = cursor_.TakeName(false);
  if (label.name.empty() && cursor_.Take('"')) {
    if (!cursor_.TakeQuotedName(label.name)) {
      return false;
    }
    cursor_.SkipBlanks();
    if (!cursor_.IsAt('=')) {
      return TakeQuotedMetricName(label.name, from);
    }
  }
  if (label.name.empty()) {
    return cursor_.FailAt("expected a label name or \"}\"", from);
  }
  cursor_.SkipBlanks();
  if (!cursor_.Take('=')) {
    return cursor_.FailAt("expected \"=\" after a label name", from);
  }
  cursor_.SkipBlanks();
  if (!cursor_.Take('"')) {
    return cursor_.FailAt("expected a label value in quotes", from);
  }
  if (!cursor_.TakeQuoted("a label value", label.value)) {
    return false;
  }
  if (label.name == "__name__") {
    return cursor_.Fail("the label __name__ is the metric's name itself");
  }
  labels.push_back(label);
  return true;
}

// `{"NAME", label="value"}`
bool ExpositionLineReader::TakeQuotedMetricName(std::string_view name,
                                                std::string_view from) {
  if (!line_.name.empty()) {
    return cursor_.FailAt("the metric has the name " +
                              DescribeMetricName(line_.name) +
                              " already; expected a label",
                          from);
  }
  if (!cursor_.IsAt(',') && !cursor_.IsAt('}')) {
    return cursor_.FailAt(R"(expected "=", "," or "}" after a name in quotes)",
                          from);
  }
  line_.name = name;
  return true;
}

bool ExpositionLineReader::ReadValue() {
  cursor_.SkipBlanks();
  const std::string_view token = cursor_.TakeToken();
  const auto value = ParseNumber(token);
  if (!value) {
    return token.empty()
               ? cursor_.Fail("the value is missing")
               : cursor_.Fail("\"" + Printable(token) + "\" is not a number");
  }
  line_.value = *value;
  cursor_.SkipBlanks();
  line_.has_timestamp = false;
  if (cursor_.AtEnd()) {
    return true;
  }
  const bool may_have_exemplar = format_ == ExpositionFormat::kOpenMetrics;
  if (!(may_have_exemplar && cursor_.IsAt('#'))) {
    line_.has_timestamp = true;
    if (!ReadTimestamp()) {
      return false;
    }
  }
  if (may_have_exemplar && cursor_.Take('#') && !ReadExemplar()) {
    return false;
  }
  return cursor_.AtEnd() || cursor_.FailAt("unexpected text", cursor_.rest());
}

bool ExpositionLineReader::ReadTimestamp() {
  const std::string_view timestamp = cursor_.TakeToken();
  cursor_.SkipBlanks();
  if (format_ == ExpositionFormat::kText) {
    return IsInteger(timestamp) ||
           cursor_.Fail(
               "\"" + Printable(timestamp) +
               "\" after the value is not a timestamp in milliseconds");
  }
  const auto seconds = ParseNumber(timestamp);
  return (seconds && std::isfinite(*seconds)) ||
         cursor_.Fail("\"" + Printable(timestamp) +
                      "\" after the value is not a timestamp in seconds");
}

// Checked, and that is all: nothing can carry it.
bool ExpositionLineReader::ReadExemplar() {
  constexpr std::size_t kMostCharacters = 128;
  cursor_.SkipBlanks();
  if (!cursor_.Take('{')) {
    return cursor_.FailAt("expected the labels of an exemplar", cursor_.rest());
  }
  exemplar_.clear();
  if (!ReadLabels(exemplar_)) {
    return false;
  }
  std::size_t size = 0;
  for (const LabelView& label : exemplar_) {
    size += CountCharacters(label.name) + CountCharacters(label.value);
  }
  if (size > kMostCharacters) {
    return cursor_.Fail(
        "the labels of an exemplar are longer than 128 characters");
  }
  cursor_.SkipBlanks();
  const std::string_view value = cursor_.TakeToken();
  if (!ParseNumber(value)) {
    return cursor_.Fail("\"" + Printable(value) +
                        "\" is not the number of an exemplar");
  }
  cursor_.SkipBlanks();
  line_.has_exemplar = true;
  return cursor_.AtEnd() || ReadTimestamp();
}

}  // namespace command_exporter
