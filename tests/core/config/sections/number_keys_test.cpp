// The keys that say how numbers are printed.
#include <catch2/catch.hpp>

#include "core/config/sections/sections.hpp"
#include "tests/core/config/config_files.hpp"
#include "tests/support/paths.hpp"

namespace command_exporter {

TEST_CASE("a metric inherits how numbers are printed, and bare with its unit") {
  const auto parsed = test::ParseText(
      test::ReadFile(test::FixtureFolder() / "good" / "number_keys.toml"));
  REQUIRE(parsed.has_value());
  const Config& config = *parsed;
  const std::vector<MetricConfig>& sizes = config.collectors.at(0).metrics;
  REQUIRE(sizes.size() == 5);
  CHECK(sizes[0].unit == FindUnit("size_1024"));
  CHECK(sizes[0].bare == FindUnit("KiB"));
  CHECK(sizes[0].grouping == ',');
  CHECK(sizes[0].base == 10);
  CHECK(sizes[0].suffix.empty());
  REQUIRE(sizes[0].where_not.size() == 1);
  CHECK(sizes[0].where_not[0].field == "state");
  CHECK(sizes[0].where_not[0].pattern.expression() == "off|-");
  CHECK(sizes[1].unit == FindUnit("size_1024"));
  CHECK(sizes[1].bare == FindUnit("B"));
  CHECK(sizes[2].unit == FindUnit("size_1000"));
  CHECK(sizes[2].bare == nullptr);
  CHECK(sizes[2].grouping == '.');
  CHECK(sizes[2].suffix == "/s");
  CHECK(sizes[2].where_not.empty());
  CHECK(sizes[3].bare == nullptr);
  CHECK(sizes[4].unit == nullptr);
  CHECK(sizes[4].bare == nullptr);
  CHECK(sizes[4].grouping == '\0');
  const std::vector<MetricConfig>& masks = config.collectors.at(1).metrics;
  CHECK(masks.at(0).base == 16);
  CHECK(masks.at(1).base == 10);
  CHECK(config.collectors.at(2).format.prefix == "backup_");
  CHECK(config.collectors.at(3).format.prefix == "up_");
}

TEST_CASE("missing has an effect on a count whose rows are chosen") {
  const std::string begin =
      "[[collector]]\nname = \"a\"\ncommand = [\"true\"]\n"
      "format = \"table\"\nmetric = [{ name = \"a_rows\", "
      "aggregate = \"count\", missing = [\"-\"]";
  for (const std::string key : {"where", "where_not"}) {
    INFO(key);
    CHECK(test::ParseText(begin + ", " + key + " = { state = \"ok\" } }]\n"));
  }
  CHECK_FALSE(test::ParseText(begin + " }]\n"));
}

}  // namespace command_exporter
