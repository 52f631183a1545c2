// [[collector.parameter]]: a value of the command that a request may choose.
// Each parameter has its allowed values and a default.
//
// A request may choose only what the file allows: a list of values, or a
// pattern that the whole value must match. For root a pattern is too
// permissive, so the parameters of a root command need a list.
#include <algorithm>
#include <string>
#include <utility>

#include "core/base/text.hpp"
#include "core/config/sections/name_faults.hpp"
#include "core/config/sections/sections.hpp"

namespace command_exporter {

namespace {

void CheckName(const TableReader& reader, const CollectorConfig& collector,
               const std::string& name) {
  if (const std::string fault = LabelNameFault(name); !fault.empty()) {
    // The same grammar as a name of matrix, so that one can become the other.
    reader.FailAt("name", fault);
  }
  const auto same = [&name](const auto& other) { return other.name == name; };
  if (std::ranges::any_of(collector.matrix, same)) {
    reader.FailAt("name", "matrix has this name, too: rename one");
  }
  const auto twin = std::ranges::find_if(collector.parameters, same);
  if (twin != collector.parameters.end()) {
    reader.FailAt("name", "the name is taken by the parameter at " +
                              ToString(twin->position) + ": rename one");
  }
}

void ReadValues(const TableReader& reader, ParameterConfig& parameter) {
  auto values = reader.Words("values");
  if (!values) {
    return;
  }
  const std::vector<TomlNode>& items = reader.Find("values")->items;
  for (std::size_t i = 0; i < values->size(); ++i) {
    if (std::ranges::find(parameter.values, (*values)[i]) !=
        parameter.values.end()) {
      reader.Fail(items[i].position,
                  "values holds " + Quote((*values)[i]) + " twice: remove one");
    } else {
      parameter.values.push_back(std::move((*values)[i]));
    }
  }
}

void ReadDefault(const TableReader& reader, ParameterConfig& parameter) {
  auto text = reader.RequiredWord(
      "default",
      "default is missing: a scrape of all collectors names no "
      "parameter, so the command needs a value for it");
  if (!text) {
    return;
  }
  if (!parameter.values.empty() &&
      std::ranges::find(parameter.values, *text) == parameter.values.end()) {
    reader.FailAt("default", "default must be one of values, not " +
                                 Quote(*text) + ": correct one of the two");
  }
  if (parameter.pattern && !parameter.pattern->FullMatch(*text)) {
    reader.FailAt("default", "default " + Quote(*text) +
                                 " does not match pattern, which must fit the "
                                 "whole value: correct one of the two");
  }
  parameter.default_value = std::move(*text);
}

ParameterConfig ReadParameter(const TableReader& reader,
                              const CollectorConfig& collector) {
  ParameterConfig parameter;
  parameter.position = reader.table().position;
  if (auto name = reader.RequiredWord(
          "name", "name is missing: it stands as {name} in command")) {
    CheckName(reader, collector, *name);
    parameter.name = std::move(*name);
  }
  if (reader.Has("pattern") == reader.Has("values")) {
    reader.Fail(parameter.position,
                reader.Has("pattern")
                    ? "pattern and values are both set: keep one"
                    : "pattern or values is missing: say what the value may "
                      "be, such as values = [\"a\", \"b\"]");
  }
  parameter.pattern = reader.Regex("pattern");
  ReadValues(reader, parameter);
  ReadDefault(reader, parameter);
  return parameter;
}

// Other names of root are found when the user is looked up.
bool IsRoot(const std::string& user) {
  return user == "root" ||
         (!user.empty() && user.find_first_not_of('0') == std::string::npos);
}

void CheckRoot(const TableReader& reader, const CollectorConfig& collector) {
  if (!IsRoot(collector.run.user)) {
    return;
  }
  for (const ParameterConfig& parameter : collector.parameters) {
    if (parameter.values.empty()) {
      reader.Fail(
          parameter.position,
          "parameter " + Quote(parameter.name) +
              " needs values: for a command of user \"root\" a list "
              "must name what a request may choose; a pattern is not enough");
    }
  }
}

}  // namespace

void ReadParameters(const TableReader& reader, CollectorConfig& collector) {
  for (const TomlNode* const table : reader.Tables("parameter")) {
    TableReader parameter(
        *table, reader.context() + ", " + NamedIn(*table, "parameter"),
        reader.problems());
    parameter.CheckKeys(KeyLevel::kParameter, collector.name);
    collector.parameters.push_back(ReadParameter(parameter, collector));
  }
  CheckRoot(reader, collector);
}

}  // namespace command_exporter
