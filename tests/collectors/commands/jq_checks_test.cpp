// The jq programs of a configuration, and their errors.
#include "collectors/commands/jq_checks.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/core/config/config_files.hpp"
#include "tests/support/test_jq.hpp"

namespace command_exporter {
namespace {

// Checks the jq programs too, as the loader does.
std::string Errors(const std::string& text, const std::string& path) {
  const auto config = test::ParseText(
      text, path,
      [](const std::vector<CollectorConfig>& collectors, Problems& problems) {
        CheckJqPrograms(test::Jq(), collectors, problems);
      });
  return config ? std::string{} : test::JoinLines(config.error().lines);
}

}  // namespace

TEST_CASE("what is wrong with jq programs stands among the other errors") {
  const auto files = test::TomlFiles("bad_jq");
  REQUIRE_FALSE(files.empty());
  for (std::filesystem::path file : files) {
    INFO(file.string());
    const std::string text = test::ReadFile(file);
    const std::string name = file.filename().string();
    CHECK(Errors(text, name) ==
          test::ReadFile(file.replace_extension(".expected")));
  }
}

TEST_CASE("the jq programs of the documentation are legal") {
  for (const std::string& example : test::DocumentedExamples()) {
    INFO(example);
    CHECK(Errors(example, "t").empty());
  }
}

}  // namespace command_exporter
