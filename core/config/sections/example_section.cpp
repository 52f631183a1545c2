// [[collector.example]]: recorded outputs and their expected results.
//
// The check whether `expect` is an exposition is not made here, because it
// needs the metrics: collectors/examples/example_check.hpp makes it when a
// configuration is loaded.
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/text.hpp"
#include "core/config/sections/sections.hpp"

namespace command_exporter {

namespace {

constexpr IntegerRange kExitCodes = {0, 255};

// The reasons that an output can cause. The other reasons come from running a
// command, or from the machine's speed.
constexpr std::array<std::string_view, 7> kReasonsOfOutput = {
    Name(Reason::kExitStatus),  Name(Reason::kStderr),
    Name(Reason::kOutputLimit), Name(Reason::kParse),
    Name(Reason::kMissing),     Name(Reason::kDuplicate),
    Name(Reason::kSampleLimit)};

void CheckAxisName(const TableReader& reader, const CollectorConfig& collector,
                   const TomlEntry& entry) {
  const auto axes = Views(collector.matrix, &MatrixAxis::name);
  if (std::ranges::find(axes, entry.key) != axes.end()) {
    return;
  }
  const auto& parameters = collector.parameters;
  const bool is_parameter =
      std::ranges::find(parameters, entry.key, &ParameterConfig::name) !=
      parameters.end();
  if (is_parameter) {
    reader.Fail(entry.position,
                "matrix: " + Quote(entry.key) +
                    " is a parameter, which gives no label: remove it");
  } else if (axes.empty()) {
    reader.Fail(entry.position,
                "matrix: the collector has no matrix: remove it");
  } else {
    reader.Fail(entry.position, "matrix: the matrix of the collector has no " +
                                    Quote(entry.key) +
                                    DidYouMean(entry.key, axes));
  }
}

// The first value of the axis if `node` is null or wrong.
std::string ReadAxisValue(const TableReader& reader, const TomlNode* node,
                          const MatrixAxis& axis) {
  std::string first = axis.values.empty() ? std::string{} : axis.values.front();
  if (node == nullptr) {
    return first;
  }
  const std::string what = "matrix." + axis.name;
  auto value = MatrixValueOf(reader, *node, what);
  if (!value || axis.values.empty()) {  // the latter is reported elsewhere
    return first;
  }
  if (std::ranges::find(axis.values, *value) == axis.values.end()) {
    reader.Fail(node->position, what + ": the collector is not run for " +
                                    Quote(*value) +
                                    DidYouMean(*value, Views(axis.values)));
    return first;
  }
  return *std::move(value);
}

void ReadInstance(const TableReader& reader, const CollectorConfig& collector,
                  ExampleConfig& example) {
  const TomlNode* table = reader.FreeTable("matrix", KeyLevel::kExample);
  const TomlNode no_table;
  const TableReader values(table == nullptr ? no_table : *table,
                           reader.context(), reader.problems());
  for (const TomlEntry& entry : values.table().entries) {
    CheckAxisName(reader, collector, entry);
  }
  for (const MatrixAxis& axis : collector.matrix) {
    example.matrix.emplace_back(
        axis.name, ReadAxisValue(reader, values.Find(axis.name), axis));
  }
}

// The line where the text begins in the file. Unknown with escaped newlines, or
// with lines that a backslash joins (equal numbers of both go unnoticed).
std::uint32_t FirstLineOf(const TomlNode& node) {
  const auto newlines = std::ranges::count(node.text, '\n');
  const std::uint32_t first = node.position.line;
  const std::uint32_t lines = node.last_line - first;
  if (newlines == lines) {
    return first;
  }
  // TOML drops a newline directly after the opening quotes.
  return newlines + 1 == lines ? first + 1 : 0;
}

// "missing", or "missing: a part of the message".
std::optional<Failure> ReadFailure(const TableReader& reader) {
  const auto text = reader.Word("expect_error");
  if (!text) {
    return std::nullopt;
  }
  const std::size_t colon = text->find(':');
  const std::string_view word = Trim(std::string_view(*text).substr(0, colon));
  Failure failure;
  if (colon != std::string::npos) {
    failure.message = Trim(std::string_view(*text).substr(colon + 1));
  }
  const auto* const found = std::ranges::find(kReasonNames, word);
  if (std::ranges::find(kReasonsOfOutput, word) == kReasonsOfOutput.end()) {
    reader.FailAt(
        "expect_error",
        "expect_error must begin with " + QuoteChoices(kReasonsOfOutput) +
            ", not " + Quote(word) +
            (found != kReasonNames.end() ? ", which no recorded output can give"
                                         : DidYouMean(word, kReasonsOfOutput)));
    return std::nullopt;
  }
  failure.reason = static_cast<Reason>(found - kReasonNames.begin());
  return failure;
}

ExampleConfig ReadExample(const TableReader& reader,
                          const CollectorConfig& collector) {
  ExampleConfig example;
  example.position = reader.table().position;
  Assign(reader.Text("output"), example.output);
  Assign(reader.Text("stderr"), example.err);
  Assign(reader.Integer("exit_code", kExitCodes), example.exit_code);
  ReadInstance(reader, collector, example);
  if (reader.Has("expect") == reader.Has("expect_error")) {
    reader.Fail(reader.Has("expect") ? reader.PositionOf("expect_error")
                                     : example.position,
                reader.Has("expect")
                    ? "expect and expect_error are both set: keep one"
                    : "expect or expect_error is missing: write expect = "
                      "\"\", and --config.check shows what the output gives");
  }
  if (auto text = reader.Text("expect")) {
    example.expect = *std::move(text);
    example.expect_position = reader.PositionOf("expect");
    example.expect_line = FirstLineOf(*reader.Find("expect"));
  }
  example.failure = ReadFailure(reader);
  return example;
}

}  // namespace

void ReadExamples(const TableReader& reader, CollectorConfig& collector) {
  for (const TomlNode* const table : reader.Tables("example")) {
    TableReader example(*table, reader.context() + ", example",
                        reader.problems());
    example.CheckKeys(KeyLevel::kExample, collector.name);
    collector.examples.push_back(ReadExample(example, collector));
  }
}

}  // namespace command_exporter
