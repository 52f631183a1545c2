// The tables of configuration files: a new case is a file (and, if it is bad, a
// file with its exact messages), no code.
#include <catch2/catch.hpp>

#include "tests/core/config/config_files.hpp"

namespace command_exporter {

namespace {

using test::JoinLines;
using test::ParseText;
using test::ReadFile;
using test::TomlFiles;

// Positions in fixtures name the file without its folder.
Result<Config, ConfigErrors> ParseFixture(const std::filesystem::path& file) {
  return ParseText(ReadFile(file), file.filename().string());
}

std::string Expected(std::filesystem::path file) {
  return ReadFile(file.replace_extension(".expected"));
}

}  // namespace

TEST_CASE("each bad file gives exactly its messages") {
  const auto files = TomlFiles("bad");
  REQUIRE(files.size() >= 50);
  for (const auto& file : files) {
    INFO(file.string());
    const auto config = ParseFixture(file);
    REQUIRE_FALSE(config.has_value());
    CHECK(JoinLines(config.error().lines) == Expected(file));
  }
}

TEST_CASE("each good file loads without errors and warnings") {
  const auto files = TomlFiles("good");
  REQUIRE(files.size() >= 5);
  for (const auto& file : files) {
    INFO(file.string());
    const auto config = ParseFixture(file);
    const std::string errors =
        config ? std::string{} : JoinLines(config.error().lines);
    CHECK(errors.empty());
    CHECK((!config || JoinLines(config->warnings).empty()));
  }
}

TEST_CASE("each file with warnings loads and gives exactly these") {
  const auto files = TomlFiles("warned");
  REQUIRE_FALSE(files.empty());
  for (const auto& file : files) {
    INFO(file.string());
    const auto config = ParseFixture(file);
    REQUIRE(config.has_value());
    CHECK(JoinLines(config->warnings) == Expected(file));
  }
}

}  // namespace command_exporter
