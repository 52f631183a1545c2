// One format, from a command's output to the answer: for any output, there is a
// reason or there are samples, and the answer can be read again.
//
// FORMAT is the format's folder of golden cases. The first byte of the input
// chooses one of their collectors, the second is the exit code, the rest is the
// command's output.
#include "collectors/formats/format.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "collectors/examples/expected_exposition.hpp"
#include "collectors/examples/recorded_run.hpp"
#include "core/config/load.hpp"
#include "core/metrics/reading/exposition_parser.hpp"
#include "core/metrics/scrape_registry.hpp"
#include "core/metrics/writing/openmetrics_writer.hpp"
#include "core/metrics/writing/text_writer.hpp"
#include "tests/fuzz/format_name.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/support/test_jq.hpp"

namespace command_exporter {
namespace {

namespace fs = std::filesystem;

std::vector<CollectorConfig> ReadCollectors() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(
           fs::path(COMMAND_EXPORTER_SOURCE_DIR) /
           "tests/collectors/formats/golden" / kFuzzedFormat)) {
    paths.push_back(entry.path() / "collector.toml");
  }
  std::sort(paths.begin(), paths.end());
  std::vector<CollectorConfig> collectors;
  for (const fs::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    auto config = ParseConfig(
        {.files = {{"c.toml", {std::istreambuf_iterator<char>(file), {}}}}});
    Require(config.has_value(), "a golden collector is a legal one");
    collectors.push_back(std::move(config->collectors.front()));
  }
  Require(!collectors.empty(), "the format has golden cases");
  return collectors;
}

// Kept from one input to the next.
std::vector<std::shared_ptr<const JqProgram>> CompilePrograms(
    const std::vector<CollectorConfig>& collectors) {
  std::vector<std::shared_ptr<const JqProgram>> programs;
  for (const CollectorConfig& collector : collectors) {
    programs.push_back(MakeJqProgram(test::Jq(), collector.format));
  }
  return programs;
}

Outcome Collect(const CollectorConfig& collector, int code,
                std::string output) {
  CommandResult result;
  result.code = code;
  result.out = std::move(output);
  return ReplayRun(test::Jq(), collector, std::move(result));
}

// The answer with quoted names. Our own parser reads it; written again without
// quotes, it must equal the answer for another client.
template <typename Writer>
std::string CheckedAnswer(const MetricFamilies& merged) {
  std::string plain;
  Writer::Append(merged, plain, NameScheme::kUnderscores);
  Require(ParseExposition(plain).has_value(), "we read what we write");
  std::string quoted;
  Writer::Append(merged, quoted, NameScheme::kAllowUtf8);
  const auto parsed = ParseExposition(quoted);
  Require(parsed.has_value(), "we read the names in quotes that we write");
  std::string again;
  Writer::Append(parsed->families, again, NameScheme::kUnderscores);
  Require(again == plain, "names in quotes are the same series");
  return quoted;
}

void CheckAnswer(MetricFamilies families) {
  ScrapeRegistry registry;
  registry.Add(std::move(families));
  const MetricFamilies merged = registry.Take();
  const auto again =
      ExpectedExposition::Parse(CheckedAnswer<TextWriter>(merged));
  Require(again.has_value(), "we expect what we write");
  Require(again->Difference(merged).empty(), "it is what we wrote");
  Require(CheckedAnswer<OpenMetricsWriter>(merged).ends_with("# EOF\n"),
          "OpenMetrics ends in EOF");
}

}  // namespace
}  // namespace command_exporter

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace command_exporter;
  static const auto collectors = ReadCollectors();
  static const auto programs = CompilePrograms(collectors);
  constexpr std::size_t kHead = 2;
  if (size < kHead) {
    return 0;
  }
  Outcome outcome =
      Collect(collectors[data[0] % collectors.size()], data[1] % 4,
              std::string(AsText(data, size).substr(kHead)));
  if (outcome.failure) {
    Require(!outcome.failure->message.empty(), "a failure has a message");
    Require(outcome.families.empty(), "a failed run publishes nothing");
    return 0;
  }
  CheckAnswer(std::move(outcome.families));
  return 0;
}
