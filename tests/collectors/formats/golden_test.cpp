// Golden cases: recorded outputs of real programs, each a folder with
//   stdout          what the program printed
//   stderr          the same, optional
//   exit_code       optional, default 0
//   collector.toml  one collector
//   expected.prom   the samples, or
//   expected.error  "reason: message"
//   source          which program, version and locale printed it
// A new case needs no code. COMMAND_EXPORTER_WRITE_GOLDEN=1 writes the expected
// files again; read the difference before you keep it.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

#include <catch2/catch.hpp>

#include "collectors/examples/recorded_run.hpp"
#include "core/config/load.hpp"
#include "core/config/sections/sections.hpp"
#include "core/metrics/writing/text_writer.hpp"
#include "tests/support/paths.hpp"
#include "tests/support/test_jq.hpp"

namespace command_exporter {
namespace {

namespace fs = std::filesystem;

fs::path GoldenFolder() {
  return fs::path(test::kSourceFolder) / "tests/collectors/formats/golden";
}

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The folders in `folder`, in name order.
std::vector<fs::path> Folders(const fs::path& folder) {
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory()) {
      folders.push_back(entry.path());
    }
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

Config ReadCollector(const fs::path& folder) {
  const fs::path path = folder / "collector.toml";
  auto config = ParseConfig({.files = {{"collector.toml", ReadFile(path)}}});
  if (!config) {
    std::string text;
    for (const std::string& line : config.error().lines) {
      text += line + "\n";
    }
    FAIL(path.string() + ":\n" + text);
  }
  return *std::move(config);
}

Outcome RunCase(const fs::path& folder) {
  const Config config = ReadCollector(folder);
  REQUIRE(config.collectors.size() == 1);
  const std::string code = ReadFile(folder / "exit_code");
  CommandResult result;
  result.ending = Ending::kExited;
  result.code = code.empty() ? 0 : std::stoi(code);
  result.out = ReadFile(folder / "stdout");
  result.err = ReadFile(folder / "stderr");
  return ReplayRun(test::Jq(), config.collectors.front(), std::move(result));
}

void CheckCase(const fs::path& folder) {
  INFO(folder.string());
  CHECK_FALSE(ReadFile(folder / "source").empty());
  const Outcome outcome = RunCase(folder);
  std::string text;
  fs::path expected = folder / "expected.prom";
  if (outcome.failure) {
    expected = folder / "expected.error";
    text = std::string(Name(outcome.failure->reason)) + ": " +
           outcome.failure->message + "\n";
  } else {
    TextWriter::Append(outcome.families, text);
  }
  if (std::getenv("COMMAND_EXPORTER_WRITE_GOLDEN") != nullptr) {
    std::ofstream(expected, std::ios::binary) << text;
  }
  const bool has_prom = fs::exists(folder / "expected.prom");
  const bool has_error = fs::exists(folder / "expected.error");
  CHECK(has_prom != has_error);
  CHECK(text == ReadFile(expected));
}

TEST_CASE("every recorded output gives the samples that it should") {
  for (const fs::path& format : Folders(GoldenFolder())) {
    for (const fs::path& folder : Folders(format)) {
      CheckCase(folder);
    }
  }
}

TEST_CASE("every format has golden cases of its own") {
  std::set<std::string> folders;
  for (const fs::path& format : Folders(GoldenFolder())) {
    folders.insert(format.filename());
    CHECK(!Folders(format).empty());
  }
  for (const std::string_view format : FormatNames()) {
    CHECK(folders.count(std::string(format)) == 1);
  }
  CHECK(folders.size() == FormatNames().size());
}

TEST_CASE("every format has a section in docs/configuration.md") {
  std::ifstream docs(fs::path(test::kSourceFolder) / "docs/configuration.md");
  std::string headings;
  for (std::string line; std::getline(docs, line);) {
    if (line.starts_with('#')) {
      headings += line + "\n";
    }
  }
  for (const std::string_view format : FormatNames()) {
    INFO(headings);
    CHECK(headings.find("`" + std::string(format) + "`") != std::string::npos);
  }
}

}  // namespace
}  // namespace command_exporter
