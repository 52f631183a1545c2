// docs/configuration.md against the reader: the same keys, the same formats,
// and examples that load.
#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include <catch2/catch.hpp>

#include "core/base/text.hpp"
#include "core/config/sections/sections.hpp"
#include "core/config/toml/known_keys.hpp"
#include "tests/core/config/config_files.hpp"

namespace command_exporter {

namespace {

using Keys = std::set<std::string>;

bool StartsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

// The keys of the tables below each heading, also assigned to its parent
// heading. The tables in "Formats" and "Numbers and units" are not tables of
// keys.
std::map<std::string, Keys> DocumentedKeys() {
  std::map<std::string, Keys> keys;
  std::string section;
  std::string subsection;
  const std::string text = test::Documentation();
  std::string_view rest = text;
  std::string_view line;
  while (NextLine(rest, line)) {
    if (StartsWith(line, "## ")) {
      section = line.substr(3);
      subsection.clear();
    } else if (StartsWith(line, "### ")) {
      subsection = line.substr(4);
    } else if (section != "Formats" && section != "Numbers and units" &&
               StartsWith(line, "| `")) {
      const std::string key(line.substr(3, line.find('`', 3) - 3));
      keys[section].insert(key);
      if (!subsection.empty()) {
        keys[subsection].insert(key);
      }
      // Type, default, meaning and example must be present.
      INFO(key);
      CHECK(line.find("| |") == std::string_view::npos);
      CHECK(line.find("`" + key + " = ") != std::string_view::npos);
    }
  }
  return keys;
}

Keys KeysOf(KeyLevel level) {
  const auto known = KnownKeys(level);
  return {known.begin(), known.end()};
}

}  // namespace

TEST_CASE("the documentation has each key of the reader and no other") {
  std::map<std::string, Keys> documented = DocumentedKeys();
  CHECK(documented["`[exporter]`"] == KeysOf(KeyLevel::kExporter));
  CHECK(documented["Run keys"] == KeysOf(KeyLevel::kDefaults));
  CHECK(documented["`[[collector]]`"] == KeysOf(KeyLevel::kCollector));
  CHECK(documented["`[[collector.metric]]`"] == KeysOf(KeyLevel::kMetric));
  CHECK(documented["`[[collector.parameter]]`"] ==
        KeysOf(KeyLevel::kParameter));
  CHECK(documented["`[[collector.example]]`"] == KeysOf(KeyLevel::kExample));
}

TEST_CASE("the documentation has a section for each format and unit") {
  const std::string text = test::Documentation();
  for (const std::string_view format : FormatNames()) {
    INFO(format);
    CHECK(text.find("\n### `" + std::string(format) + "`\n") !=
          std::string::npos);
  }
  for (const Unit& unit : Units()) {
    INFO(unit.name);
    CHECK(text.find("`" + std::string(unit.name) + "`") != std::string::npos);
  }
}

TEST_CASE("the examples of the documentation load without warnings") {
  const std::vector<std::string> examples = test::DocumentedExamples();
  for (const std::string& example : examples) {
    INFO(example);
    const auto config = test::ParseText(example);
    const std::string problems =
        test::JoinLines(config ? config->warnings : config.error().lines);
    CHECK(problems.empty());
  }
  CHECK(examples.size() >= FormatNames().size());
}

// CheckKeys accepts the keys of these tables, so a key that no section reads
// would be ignored silently. A value of a kind that no key takes must therefore
// be an error for every key.
TEST_CASE("every known key is read") {
  const auto check = [](KeyLevel level, const std::string& before) {
    for (const std::string_view key : KnownKeys(level)) {
      INFO(key);
      const std::string text = before + std::string(key) + " = 07:32:00\n";
      const std::string complaint = ": " + std::string(key) + " must be ";
      CHECK(test::ErrorsOf(text).find(complaint) != std::string::npos);
    }
  };
  check(KeyLevel::kExporter, "[exporter]\n");
  check(KeyLevel::kDefaults, "[exporter.defaults]\n");
  check(KeyLevel::kCollector, "[[collector]]\n");
  check(KeyLevel::kMetric,
        "[[collector]]\nname = \"a\"\ncommand = [\"true\"]\nformat = "
        "\"regex\"\n[[collector.metric]]\n");
  check(KeyLevel::kParameter,
        "[[collector]]\nname = \"a\"\ncommand = [\"true\"]\n"
        "[[collector.parameter]]\n");
  check(KeyLevel::kExample,
        "[[collector]]\nname = \"a\"\ncommand = [\"true\"]\n"
        "[[collector.example]]\n");
}

}  // namespace command_exporter
