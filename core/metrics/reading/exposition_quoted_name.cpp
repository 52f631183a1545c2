// The part of exposition_line_reader.hpp that reads names in quotes.
#include "core/metrics/name_scheme.hpp"
#include "core/metrics/reading/exposition_line_reader.hpp"

namespace command_exporter {

// Requires: a quote is next.
bool ExpositionLineReader::ReadQuotedName(std::string_view& name) {
  rest_.remove_prefix(1);
  if (!ReadQuoted("a name in quotes", name)) {
    return false;
  }
  return !name.empty() || Fail("a name in quotes is empty");
}

// `{"NAME", label="value"}`
bool ExpositionLineReader::TakeQuotedMetricName(std::string_view name,
                                                std::string_view from) {
  if (!line_.name.empty()) {
    return FailAt("the metric has the name " + DescribeMetricName(line_.name) +
                      " already; expected a label",
                  from);
  }
  if (!rest_.starts_with(',') && !rest_.starts_with('}')) {
    return FailAt(R"(expected "=", "," or "}" after a name in quotes)", from);
  }
  line_.name = name;
  return true;
}

}  // namespace command_exporter
