// property_answers SEED FIRST CASES [--show]: whole answers of the exporter to
// hostile outputs, for check.py to judge.
//
// Each case takes a few collectors (those of the golden cases, and some of the
// Prometheus format), gives each a hostile output, and gathers twice. A case is
// written as frames on standard output: `CASE text|openmetrics BYTES`, then the
// bytes, each followed by `CASE utf8 BYTES`: the same for a client that accepts
// quoted names. `CASE fault BYTES` reports an error found here: the second
// scrape of the same outputs gave other samples, or our own parser, with the
// underscored names, read the utf8 answer differently from the one before it. A
// case depends only on SEED and its number, so a single one can be repeated;
// --show prints the outputs of the commands to standard error.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collectors/command_collector.hpp"
#include "collectors/formats/format.hpp"
#include "core/config/load.hpp"
#include "core/metrics/reading/exposition_parser.hpp"
#include "core/metrics/writing/openmetrics_writer.hpp"
#include "core/metrics/writing/text_writer.hpp"
#include "core/scrape/gatherer.hpp"
#include "tests/fakes/fake_command_runner.hpp"
#include "tests/property/hostile_output.hpp"
#include "tests/support/test_jq.hpp"

namespace command_exporter {
namespace {

namespace fs = std::filesystem;

struct Golden {
  Config config{};
  std::string output{};
  // Kept from one case to the next.
  std::shared_ptr<const JqProgram> program{};
};

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Golden> ReadGolden(const fs::path& root) {
  std::vector<Golden> all;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().filename() != "collector.toml") {
      continue;
    }
    auto config =
        ParseConfig({.files = {{"collector.toml", ReadFile(entry.path())}}});
    if (config) {
      auto program =
          MakeJqProgram(test::Jq(), config->collectors.front().format);
      all.push_back({*std::move(config),
                     ReadFile(entry.path().parent_path() / "stdout"),
                     std::move(program)});
    }
  }
  return all;
}

class Case {
 public:
  Case(std::uint64_t seed, const std::vector<Golden>& golden,
       std::span<const std::string> corpus)
      : hostile_(seed, corpus),
        golden_(golden) {
    auto config = std::make_shared<Config>();
    for (std::size_t left = hostile_.Below(4) + 1; left > 0; --left) {
      AddCollector(*config);
    }
    config_ = std::move(config);
  }

  const std::vector<std::string>& outputs() const { return outputs_; }

  // Scrapes twice; false when the samples differ.
  bool Gather(MetricFamilies& families) {
    FakeCommandRunner runner([this](const CommandRequest& request) {
      CommandResult result;
      result.code = codes_[request.command];
      result.out = outputs_[request.command];
      return result;
    });
    Gatherer gatherer({.write = [](LogLevel, std::span<const LogField>) {}});
    gatherer.Replace(MakeCollectors(
        config_, 1, runner, [](const ParseTask& task) { task.work(); },
        test::Jq()));
    const ScrapeRequest request{Deadline::After(std::chrono::minutes{1})};
    const std::string first = OfCommands(gatherer.Gather(request));
    families = gatherer.Gather(request);
    return OfCommands(families) == first;
  }

 private:
  void AddCollector(Config& config) {
    const Golden& golden = golden_[hostile_.Below(golden_.size())];
    CollectorConfig collector = golden.config.collectors.front();
    const bool plain = hostile_.OneIn(2);
    if (plain) {
      collector = CollectorConfig{};
      collector.command = {"any"};
    }
    collector.name = "c" + std::to_string(config.collectors.size());
    // One output for each instance of its matrix.
    std::size_t instances = 1;
    for (const MatrixAxis& axis : collector.matrix) {
      instances *= axis.values.size();
    }
    for (; instances > 0; --instances) {
      outputs_.push_back(plain ? hostile_.Exposition()
                               : hostile_.Mangled(golden.output));
      codes_.push_back(hostile_.OneIn(8) ? static_cast<int>(hostile_.Below(5))
                                         : 0);
    }
    config.collectors.push_back(std::move(collector));
  }

  static std::string OfCommands(const MetricFamilies& families) {
    MetricFamilies kept;
    for (const auto& family : families) {
      if (!family.name.starts_with("command_exporter_")) {
        kept.push_back(family);
      }
    }
    std::string text;
    TextWriter::Append(kept, text, NameScheme::kAllowUtf8);
    return text;
  }

  HostileOutput hostile_;
  const std::vector<Golden>& golden_;
  std::shared_ptr<const Config> config_;
  std::vector<std::string> outputs_;
  std::vector<int> codes_;
};

void WriteFrame(std::uint64_t number, std::string_view kind,
                std::string_view bytes) {
  std::cout << number << ' ' << kind << ' ' << bytes.size() << '\n' << bytes;
}

// All names of metrics and labels.
std::set<std::string_view> NamesOf(const MetricFamilies& families) {
  std::set<std::string_view> names;
  for (const auto& family : families) {
    names.insert(family.name);
    for (const auto& metric : family.metric) {
      for (const auto& label : metric.label) {
        names.insert(label.name);
      }
    }
  }
  return names;
}

// Writes the answer for both kinds of clients.
template <typename Writer>
void WriteAnswers(std::uint64_t number, std::string_view kind,
                  const MetricFamilies& families) {
  std::string plain;
  Writer::Append(families, plain, NameScheme::kUnderscores);
  WriteFrame(number, kind, plain);
  std::string quoted;
  Writer::Append(families, quoted, NameScheme::kAllowUtf8);
  WriteFrame(number, "utf8", quoted);
  const auto parsed = ParseExposition(quoted);
  if (!parsed) {
    WriteFrame(number, "fault", parsed.error().message);
    return;
  }
  std::string again;
  Writer::Append(parsed->families, again, NameScheme::kUnderscores);
  if (again != plain) {
    WriteFrame(number, "fault", "read again it is another answer");
  }
  // OpenMetrics may have the parts of a family as families.
  if (kind == "text" && NamesOf(parsed->families) != NamesOf(families)) {
    WriteFrame(number, "fault", "a name is not what was printed");
  }
}

// Our own metrics are the greater part of an answer and hardly vary. The strict
// parsers are slow, so they read these metrics only in some cases.
void KeepFew(MetricFamilies& families) {
  std::erase_if(families, [](const auto& family) {
    return family.name.starts_with("command_exporter_");
  });
}

int Main(std::uint64_t seed, std::uint64_t first, std::uint64_t cases,
         bool show) {
  constexpr std::uint64_t kWholeEvery = 20;
  const auto golden = ReadGolden(fs::path(COMMAND_EXPORTER_SOURCE_DIR) /
                                 "tests/collectors/formats/golden");
  std::vector<std::string> corpus;
  for (const Golden& each : golden) {
    corpus.push_back(each.output);
  }
  for (std::uint64_t number = first; number < first + cases; ++number) {
    Case one(seed * 1000003 + number, golden, corpus);
    if (show) {
      for (const std::string& output : one.outputs()) {
        std::cerr << "--- printed:\n" << output << "\n";
      }
    }
    MetricFamilies families;
    if (!one.Gather(families)) {
      WriteFrame(number, "fault", "the second scrape gave other samples");
    }
    if (number % kWholeEvery != 0) {
      KeepFew(families);
    }
    WriteAnswers<TextWriter>(number, "text", families);
    WriteAnswers<OpenMetricsWriter>(number, "openmetrics", families);
  }
  return std::cout.good() ? 0 : 1;
}

}  // namespace
}  // namespace command_exporter

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: property_answers SEED FIRST CASES [--show]\n";
    return 2;
  }
  std::ios::sync_with_stdio(false);
  return command_exporter::Main(std::strtoull(argv[1], nullptr, 10),
                                std::strtoull(argv[2], nullptr, 10),
                                std::strtoull(argv[3], nullptr, 10), argc > 4);
}
