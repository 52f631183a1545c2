// The series of a metric without rows, and the limit of their number.
#include <string>

#include <catch2/catch.hpp>

#include "collectors/formats/format.hpp"
#include "collectors/mapping/metric_mapper.hpp"
#include "core/metrics/writing/text_writer.hpp"

namespace command_exporter {
namespace {

Rows Table(std::string_view out) {
  auto rows = ParseTable({.out = out}, {.separator = " "});
  REQUIRE(rows);
  return *std::move(rows);
}

TEST_CASE("known values and a list of values appear without a row") {
  MetricConfig metric;
  metric.name = "m";
  metric.values = {"a", "b"};
  metric.value_label = "kind";
  metric.labels = {{"state", "{state}"}};
  metric.known = {{"state", {"up", "down"}}};
  metric.default_value = 7;
  MetricFamilies families;
  REQUIRE(
      MetricMapper(metric, "test", {}).Map(Table("a b state\n"), 10, families));
  std::string text;
  TextWriter::Append(families, text);
  CHECK(text ==
        "# HELP m From collector \"test\".\n# TYPE m gauge\n"
        "m{kind=\"a\",state=\"up\"} 7\nm{kind=\"a\",state=\"down\"} 7\n"
        "m{kind=\"b\",state=\"up\"} 7\nm{kind=\"b\",state=\"down\"} 7\n");
}

TEST_CASE("more samples than a run may have are not built") {
  MetricConfig metric;
  metric.name = "m";
  metric.values = {"n"};
  metric.labels = {{"n", "{n}"}};
  MetricFamilies families;
  const Rows rows = Table("n\n1\n2\n3\n");
  const MetricMapper mapper(metric, "test", {});
  CHECK(mapper.Map(rows, 3, families));
  const auto mapped = mapper.Map(rows, 2, families);
  REQUIRE_FALSE(mapped);
  CHECK(mapped.error().reason == Reason::kSampleLimit);
  CHECK(mapped.error().message ==
        "metric \"m\" gives more samples than the 2 of max_samples; aggregate "
        "them, or raise max_samples");
}

TEST_CASE("a default that no row gives its labels is no sample, and missing") {
  MetricConfig metric;
  metric.name = "m";
  metric.values = {"n"};
  metric.labels = {{"n", "{n}"}, {"state", "{s}"}};
  metric.known = {{"state", {"a"}}};
  metric.default_value = 0;
  MetricFamilies families;
  const auto mapped =
      MetricMapper(metric, "test", {}).Map(Table("n s\n"), 10, families);
  REQUIRE_FALSE(mapped);
  CHECK(mapped.error().reason == Reason::kMissing);
  metric.on_missing = OnMissing::kSkip;
  CHECK(MetricMapper(metric, "test", {}).Map(Table("n s\n"), 10, families));
  CHECK(families.empty());
}

TEST_CASE("known values count among the samples that a run may have") {
  MetricConfig metric;
  metric.name = "m";
  metric.values = {"n"};
  metric.labels = {{"n", "{n}"}, {"state", "{s}"}};
  metric.known = {{"state", {"a", "b", "c"}}};
  metric.default_value = 0;
  MetricFamilies families;
  const Rows rows = Table("n s\n1 a\n2 a\n");
  const MetricMapper mapper(metric, "test", {});
  CHECK(mapper.Map(rows, 6, families));
  const auto mapped = mapper.Map(rows, 5, families);
  REQUIRE_FALSE(mapped);
  CHECK(mapped.error().reason == Reason::kSampleLimit);
}

TEST_CASE("known values appear when where lets no row through") {
  MetricConfig metric;
  metric.name = "m";
  metric.values = {"a", "b"};
  metric.value_label = "kind";
  metric.labels = {{"state", "{state}"}};
  metric.known = {{"state", {"up"}}};
  metric.aggregate = Aggregate::kSum;
  const auto none = Pattern::Compile("nothing");
  REQUIRE(none);
  metric.where = {{"state", *none}};
  MetricFamilies families;
  REQUIRE(MetricMapper(metric, "test", {})
              .Map(Table("a b state\n1 2 down\n"), 10, families));
  CHECK(CountSamples(families) == 2);
}

}  // namespace
}  // namespace command_exporter
