#include "collectors/examples/example_check.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "collectors/examples/expected_exposition.hpp"
#include "collectors/examples/recorded_run.hpp"
#include "collectors/formats/format.hpp"
#include "core/base/text.hpp"
#include "core/metrics/scrape_registry.hpp"
#include "core/metrics/series.hpp"

namespace command_exporter {
namespace {

// The line number in a message of ParseExposition ("line N: "); 0 without one.
std::uint32_t LineIn(std::string_view message) {
  constexpr std::string_view kLine = "line ";
  std::uint32_t number = 0;
  if (message.starts_with(kLine)) {
    message.remove_prefix(kLine.size());
    std::from_chars(message.data(), message.data() + message.size(), number);
  }
  return number;
}

// The position of that line in the file, if the lines of the text are lines of
// it.
SourcePosition PositionOf(const ExampleConfig& example,
                          const std::string& message) {
  SourcePosition at = example.expect_position;
  const std::uint32_t line = LineIn(message);
  if (line > 0 && example.expect_line > 0 &&
      example.expect_line + line - 1 > at.line) {
    at.line = example.expect_line + line - 1;
    at.column = 1;
  }
  return at;
}

std::string FailureLine(Reason reason, const std::string& message) {
  return "failure, reason " + std::string(Name(reason)) +
         (message.empty() ? "" : ": " + message);
}

bool Fits(const Failure& expected, const Failure& failure) {
  return expected.reason == failure.reason &&
         failure.message.find(expected.message) != std::string::npos;
}

// What helps to understand a difference.
std::vector<std::string> Notes(const Outcome& outcome, const Drops& drops) {
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < drops.counts.size(); ++i) {
    if (drops.counts[i] > 0) {
      notes.push_back("# dropped " + Counted(drops.counts[i], "sample") +
                      ", reason " + std::string(kDropReasonNames[i]) +
                      "; the first: " + drops.first[i]);
    }
  }
  if (outcome.unmatched_lines.value_or(0) > 0) {
    notes.push_back(
        "# " + Counted(*outcome.unmatched_lines, "line") +
        " of the output did not match; the first: " + outcome.first_unmatched);
  }
  return notes;
}

// The difference, without a head; empty when the example gives what it should.
std::vector<std::string> Compare(const ExampleConfig& example,
                                 const CollectorConfig& collector,
                                 Outcome outcome) {
  const auto expected = ExpectedExposition::Parse(example.expect.value_or(""));
  if (!expected) {
    return {"# expect: " + expected.error().message};
  }
  if (outcome.failure && example.failure &&
      Fits(*example.failure, *outcome.failure)) {
    return {};
  }
  Drops drops = outcome.drops;
  ScrapeRegistry registry;
  drops.Add(registry.Add(std::move(outcome.families)));
  std::vector<std::string> lines = expected->Difference(registry.Take());
  if (example.failure) {
    lines.insert(lines.begin(), "- " + FailureLine(example.failure->reason,
                                                   example.failure->message));
  }
  if (outcome.failure) {
    lines.push_back(
        "+ " + FailureLine(outcome.failure->reason, outcome.failure->message));
    lines.push_back("# the collector is at " + ToString(collector.position));
  }
  if (!lines.empty()) {
    const auto notes = Notes(outcome, drops);
    lines.insert(lines.end(), notes.begin(), notes.end());
  }
  return lines;
}

// `collector` is without its examples.
std::optional<std::string> TryExample(JqProcess& jq, CollectorConfig collector,
                                      const ExampleConfig& example) {
  for (std::size_t i = 0; i < collector.matrix.size(); ++i) {
    collector.matrix[i].values = {example.matrix[i].second};
  }
  const auto lines = Compare(example, collector,
                             ReplayRun(jq, collector,
                                       {.ending = Ending::kExited,
                                        .code = example.exit_code,
                                        .out = example.output,
                                        .err = example.err}));
  if (lines.empty()) {
    return std::nullopt;
  }
  std::vector<LabelView> matrix;
  for (const auto& [name, value] : example.matrix) {
    matrix.push_back({name, value});
  }
  std::string text = ToString(example.position) + ": example of collector " +
                     Quote(collector.name) +
                     (matrix.empty() ? "" : " " + DescribeSeries("", matrix)) +
                     " does not give what it expects:";
  for (const std::string& line : lines) {
    text += '\n' + Printable(line, 4 * line.size());
  }
  return text;
}

}  // namespace

std::vector<std::string> CheckExpectations(const Config& config) {
  std::vector<std::string> lines;
  for (const CollectorConfig& collector : config.collectors) {
    for (const ExampleConfig& example : collector.examples) {
      if (!example.expect) {
        continue;
      }
      const auto expected = ExpectedExposition::Parse(*example.expect);
      if (expected) {
        continue;
      }
      const std::string& message = expected.error().message;
      const std::string line = ToString(PositionOf(example, message)) +
                               ": collector " + Quote(collector.name) +
                               ", example: expect is no exposition: " + message;
      lines.push_back(Printable(line, 4 * line.size()));
    }
  }
  return lines;
}

ExampleReport TryExamples(JqProcess& jq, const Config& config) {
  ExampleReport report;
  for (const CollectorConfig& with_examples : config.collectors) {
    if (with_examples.examples.empty()) {
      continue;
    }
    CollectorConfig collector = with_examples;
    // Kept, so that it stays compiled from one example to the next.
    const auto program = MakeJqProgram(jq, collector.format);
    collector.examples.clear();
    for (const ExampleConfig& example : with_examples.examples) {
      ++report.tried;
      if (auto text = TryExample(jq, collector, example)) {
        report.differences.push_back(*std::move(text));
      }
    }
  }
  return report;
}

}  // namespace command_exporter
