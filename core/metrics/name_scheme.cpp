#include "core/metrics/name_scheme.hpp"

#include "core/base/names.hpp"
#include "core/base/text.hpp"
#include "core/metrics/text_buffer.hpp"

namespace command_exporter {

namespace {

std::string Quoted(std::string_view name) {
  std::string quoted;
  TextBuffer buffer(quoted);
  buffer.Append('"');
  buffer.AppendEscaped(name, true);
  buffer.Append('"');
  buffer.Flush();
  return quoted;
}

}  // namespace

std::string WrittenMetricName(std::string_view name, NameScheme scheme) {
  return scheme == NameScheme::kUnderscores || IsMetricName(name)
             ? UnderscoredMetricName(name)
             : Quoted(name);
}

std::string WrittenLabelName(std::string_view name, NameScheme scheme) {
  return scheme == NameScheme::kUnderscores || IsLabelName(name)
             ? UnderscoredLabelName(name)
             : Quoted(name);
}

std::string DescribeMetricName(std::string_view name) {
  return IsMetricName(name) ? Printable(name) : Quote(name);
}

std::string DescribeLabelName(std::string_view name) {
  return IsLabelName(name) ? Printable(name) : Quote(name);
}

}  // namespace command_exporter
