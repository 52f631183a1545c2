// Collectors without a metric: the names come from the output.
#include "collectors/mapping/all_fields.hpp"

#include <chrono>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "collectors/formats/format.hpp"
#include "core/metrics/writing/text_writer.hpp"

namespace command_exporter {
namespace {

CollectorConfig Named(const std::string& name, const std::string& prefix = "") {
  CollectorConfig collector;
  collector.name = name;
  collector.format.prefix = prefix;
  return collector;
}

TEST_CASE("key_value without a metric makes one of every legal name") {
  const auto rows = ParseKeyValue(
      {.out = "name : 12\njobs_total 3\nbad-name 4\n_x 5\non=true\n"}, {});
  REQUIRE(rows);
  MetricFamilies families;
  Drops drops;
  REQUIRE(MapAllFields(Named("test"), {{"host", "h"}}, *rows, families, drops));
  std::string text;
  TextWriter::Append(families, text);
  CHECK(text ==
        "# HELP name From collector \"test\".\n# TYPE name gauge\n"
        "name{host=\"h\"} 12\n"
        "# HELP jobs_total From collector \"test\".\n"
        "# TYPE jobs_total counter\njobs_total{host=\"h\"} 3\n"
        "# HELP on From collector \"test\".\n# TYPE on gauge\n"
        "on{host=\"h\"} 1\n");
  CHECK(drops.counts[static_cast<std::size_t>(DropReason::kName)] == 2);
}

TEST_CASE("a prefix stands before each name, and is no way to export _x") {
  const auto rows = ParseKeyValue({.out = "1min 4\njobs_total 3\n_x 5\n"}, {});
  REQUIRE(rows);
  MetricFamilies families;
  Drops drops;
  REQUIRE(MapAllFields(Named("test", "load_"), {}, *rows, families, drops));
  REQUIRE(families.size() == 2);
  CHECK(families[0].name == "load_1min");
  CHECK(families[1].name == "load_jobs_total");
  CHECK(families[1].type == prometheus::MetricType::Counter);
  CHECK(drops.counts[static_cast<std::size_t>(DropReason::kName)] == 1);
}

TEST_CASE("a line for each key costs no more than its length") {
  std::string out;
  for (int i = 0; i < 50'000; ++i) {
    out += "k" + std::to_string(i) + "=1\n";
  }
  FormatConfig records;
  records.record_per_line = true;
  const auto rows = ParseKeyValue({.out = out}, records);
  REQUIRE(rows);
  MetricFamilies families;
  Drops drops;
  const auto begin = std::chrono::steady_clock::now();
  REQUIRE(MapAllFields(Named("test"), {}, *rows, families, drops));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(3));
  CHECK(families.size() == 50'000);
}

TEST_CASE("key_value without a metric fails on words and on second values") {
  const auto failure = [](std::string_view out) {
    auto rows = ParseKeyValue({.out = out}, {});
    REQUIRE(rows);
    rows->text = out;
    MetricFamilies families;
    Drops drops;
    const auto mapped = MapAllFields(Named("test"), {}, *rows, families, drops);
    REQUIRE_FALSE(mapped);
    return mapped.error().message;
  };
  CHECK(failure("a 1\nb many\n") ==
        "line 2: the value of \"b\" is \"many\", which is no number; list the "
        "metrics that are wanted");
  CHECK(failure("a 1\nb \"\\\"2\"\n") ==
        "line 2: the value of \"b\" is \"\"2\", which is no number; list the "
        "metrics that are wanted");
  CHECK(failure("a 1\nb 2\na 3\n") == "line 3: a second value for \"a\"");
}

}  // namespace
}  // namespace command_exporter
