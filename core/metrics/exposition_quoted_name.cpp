// The part of exposition_line.hpp that reads names in quotes.
#include "core/base/names.hpp"
#include "core/base/text.hpp"
#include "core/metrics/exposition_line.hpp"

namespace command_exporter {

// Requires: a quote is next.
bool ExpositionLineReader::ReadQuotedName(std::string_view& name) {
  rest_.remove_prefix(1);
  if (!ReadLabelValue(name)) {
    return false;
  }
  return !name.empty() || Fail("a name in quotes is empty");
}

// `{"NAME", label="value"}`
bool ExpositionLineReader::TakeQuotedMetricName(std::string_view name,
                                                std::string_view from) {
  if (!line_.name.empty()) {
    return FailAt("expected \"=\" after a label name", from);
  }
  line_.name = Underscored(name, true);
  return true;
}

// Requires: `name` is valid UTF-8 and not empty.
std::string_view ExpositionLineReader::Underscored(std::string_view name,
                                                   bool colons) {
  if (colons ? IsMetricName(name) : IsLabelName(name)) {
    return name;
  }
  const std::size_t begin = unescaped_.size();
  while (!name.empty()) {
    const std::string_view first = name.substr(0, Utf8Length(name));
    const bool legal =
        IsLabelName(first) || (colons && first == ":") ||
        (unescaped_.size() > begin && first >= "0" && first <= "9");
    unescaped_ += legal ? first.front() : '_';
    name.remove_prefix(first.size());
  }
  return std::string_view(unescaped_).substr(begin);
}

}  // namespace command_exporter
