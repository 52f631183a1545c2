#include "core/metrics/reading/exposition_line_reader.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "core/base/number.hpp"
#include "core/base/text.hpp"
#include "core/metrics/name_scheme.hpp"

namespace command_exporter {

namespace {

constexpr std::string_view kBlanks = " \t\r";

enum CharacterClass : std::uint8_t { kNone, kNameRest, kNameStart, kColon };

constexpr std::array<CharacterClass, 256> MakeClasses() {
  std::array<CharacterClass, 256> classes{};
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_') {
      classes[c] = kNameStart;
    } else if (c >= '0' && c <= '9') {
      classes[c] = kNameRest;
    }
  }
  classes[':'] = kColon;
  return classes;
}

constexpr std::array<CharacterClass, 256> kClasses = MakeClasses();

CharacterClass ClassOf(char c) {
  return kClasses[static_cast<unsigned char>(c)];
}

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
  rest_ = line.substr(first, line.find_last_not_of(kBlanks) - first + 1);
  return rest_.front() == '#' ? ReadComment() : ReadSample();
}

bool ExpositionLineReader::Fail(std::string_view what) {
  error_ = what;
  return false;
}

bool ExpositionLineReader::FailAt(std::string_view what,
                                  std::string_view where) {
  constexpr std::size_t kEnough = 60;
  error_ = what;
  error_ += where.empty() ? " at the end of the line" : " at ";
  if (!where.empty()) {
    error_ += '"';
    error_ += Printable(where, kEnough);
    error_ += '"';
  }
  return false;
}

bool ExpositionLineReader::ReadSample() {
  const std::string_view whole = rest_;
  line_.kind = LineKind::kSample;
  line_.labels.clear();
  line_.has_exemplar = false;
  unescaped_.clear();
  unescaped_.reserve(rest_.size());
  line_.name = TakeName(true);
  if (line_.name.empty() && !rest_.starts_with('{')) {
    return FailAt("expected a metric name", whole);
  }
  if (!rest_.empty() && rest_.front() != '{' &&
      !IsExpositionBlank(rest_.front())) {
    return FailAt("not a legal metric name", whole);
  }
  SkipBlanks();
  if (rest_.starts_with('{') && !ReadLabels(line_.labels)) {
    return false;
  }
  return line_.name.empty() ? FailAt("expected a metric name", whole)
                            : ReadValue();
}

bool ExpositionLineReader::ReadLabels(std::vector<LabelView>& labels) {
  rest_.remove_prefix(1);
  SkipBlanks();
  while (!rest_.starts_with('}')) {
    if (!ReadLabel(labels)) {
      return false;
    }
    SkipBlanks();
    // Prometheus itself does not insist on the comma.
    if (rest_.starts_with(',')) {
      rest_.remove_prefix(1);
      SkipBlanks();
    }
  }
  rest_.remove_prefix(1);
  if (const auto name = RepeatedLabel(labels); !name.empty()) {
    return Fail("the label " + DescribeLabelName(name) + " stands there twice");
  }
  return true;
}

bool ExpositionLineReader::ReadLabel(std::vector<LabelView>& labels) {
  LabelView label;
  const std::string_view from = rest_;
  label.name = TakeName(false);
  if (label.name.empty() && rest_.starts_with('"')) {
    if (!ReadQuotedName(label.name)) {
      return false;
    }
    SkipBlanks();
    if (!rest_.starts_with('=')) {
      return TakeQuotedMetricName(label.name, from);
    }
  }
  if (label.name.empty()) {
    return FailAt("expected a label name or \"}\"", from);
  }
  SkipBlanks();
  if (!rest_.starts_with('=')) {
    return FailAt("expected \"=\" after a label name", from);
  }
  rest_.remove_prefix(1);
  SkipBlanks();
  if (!rest_.starts_with('"')) {
    return FailAt("expected a label value in quotes", from);
  }
  rest_.remove_prefix(1);
  if (!ReadQuoted("a label value", label.value)) {
    return false;
  }
  if (label.name == "__name__") {
    return Fail("the label __name__ is the metric's name itself");
  }
  labels.push_back(label);
  return true;
}

// Requires: the quote before it is read.
bool ExpositionLineReader::ReadQuoted(std::string_view what,
                                      std::string_view& text) {
  bool has_escape = false;
  std::size_t end = 0;
  while (end < rest_.size() && rest_[end] != '"') {
    if (rest_[end] == '\\') {
      has_escape = true;
      ++end;
    }
    ++end;
  }
  if (end >= rest_.size()) {
    return FailAt(std::string(what) + " is not closed on its line", rest_);
  }
  text = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  if (!is_utf8_ && !IsValidUtf8(text)) {
    return FailAt(std::string(what) + " is not valid UTF-8", text);
  }
  return !has_escape || Unescape(what, text, text);
}

bool ExpositionLineReader::Unescape(std::string_view what,
                                    std::string_view escaped,
                                    std::string_view& text) {
  const std::size_t begin = unescaped_.size();
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    if (escaped[i] != '\\') {
      unescaped_ += escaped[i];
      continue;
    }
    ++i;
    switch (escaped[i]) {
      case '\\':
      case '"':
        unescaped_ += escaped[i];
        break;
      case 'n':
        unescaped_ += '\n';
        break;
      default:
        return FailAt(std::string(what) +
                          R"( knows only the escapes \\, \" and \n; found one)",
                      escaped.substr(i - 1));
    }
  }
  text = std::string_view(unescaped_).substr(begin);
  return true;
}

bool ExpositionLineReader::ReadValue() {
  SkipBlanks();
  const std::string_view token = TakeToken();
  const auto value = ParseNumber(token);
  if (!value) {
    return token.empty() ? Fail("the value is missing")
                         : Fail("\"" + Printable(token) + "\" is not a number");
  }
  line_.value = *value;
  SkipBlanks();
  line_.has_timestamp = false;
  if (rest_.empty()) {
    return true;
  }
  const bool may_have_exemplar = format_ == ExpositionFormat::kOpenMetrics;
  if (!(may_have_exemplar && rest_.starts_with('#'))) {
    line_.has_timestamp = true;
    if (!ReadTimestamp()) {
      return false;
    }
  }
  if (may_have_exemplar && rest_.starts_with('#') && !ReadExemplar()) {
    return false;
  }
  return rest_.empty() || FailAt("unexpected text", rest_);
}

bool ExpositionLineReader::ReadTimestamp() {
  const std::string_view timestamp = TakeToken();
  SkipBlanks();
  if (format_ == ExpositionFormat::kText) {
    return IsInteger(timestamp) ||
           Fail("\"" + Printable(timestamp) +
                "\" after the value is not a timestamp in milliseconds");
  }
  const auto seconds = ParseNumber(timestamp);
  return (seconds && std::isfinite(*seconds)) ||
         Fail("\"" + Printable(timestamp) +
              "\" after the value is not a timestamp in seconds");
}

// Checked, and that is all: nothing can carry it.
bool ExpositionLineReader::ReadExemplar() {
  constexpr std::size_t kMostCharacters = 128;
  rest_.remove_prefix(1);
  SkipBlanks();
  if (!rest_.starts_with('{')) {
    return FailAt("expected the labels of an exemplar", rest_);
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
    return Fail("the labels of an exemplar are longer than 128 characters");
  }
  SkipBlanks();
  const std::string_view value = TakeToken();
  if (!ParseNumber(value)) {
    return Fail("\"" + Printable(value) +
                "\" is not the number of an exemplar");
  }
  SkipBlanks();
  line_.has_exemplar = true;
  return rest_.empty() || ReadTimestamp();
}

std::string_view ExpositionLineReader::TakeName(bool colons) {
  std::size_t end = 0;
  while (end < rest_.size()) {
    const CharacterClass found = ClassOf(rest_[end]);
    if (found != kNameStart && !(found == kNameRest && end > 0) &&
        !(found == kColon && colons)) {
      break;
    }
    ++end;
  }
  const std::string_view name = rest_.substr(0, end);
  rest_.remove_prefix(end);
  return name;
}

std::string_view ExpositionLineReader::TakeToken() {
  const auto end = std::find_if(rest_.begin(), rest_.end(), IsExpositionBlank);
  const auto length = static_cast<std::size_t>(end - rest_.begin());
  const std::string_view token = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return token;
}

void ExpositionLineReader::SkipBlanks() {
  while (!rest_.empty() && IsExpositionBlank(rest_.front())) {
    rest_.remove_prefix(1);
  }
}

}  // namespace command_exporter
