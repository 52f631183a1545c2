// Fields that give a metric's value and that no row has, or can have.
#include <catch2/catch.hpp>

#include "collectors/formats/format.hpp"
#include "tests/collectors/mapping/mapped_rows.hpp"

namespace command_exporter {
namespace {

using test::Map;
using test::Metric;
using test::Table;
using test::Where;

TEST_CASE("a default is none for a value that no row can have") {
  MetricConfig metric = Metric("erors");
  metric.default_value = 0;
  CHECK(Map(metric, Table("errors other\n7 3\n")) ==
        "missing: metric \"m\" got no sample: no row has the field \"erors\"; "
        "did you mean \"errors\"?");
  metric.aggregate = Aggregate::kSum;
  metric.known = {{"x", {"a"}}};
  metric.labels = {{"x", "{other}"}};
  metric.default_value.reset();
  CHECK(Map(metric, Table("errors other\n7 3\n")) ==
        "missing: metric \"m\" got no sample: no row has the field \"erors\"; "
        "did you mean \"errors\"?");
}

TEST_CASE("a name that was split behind its blank says separator") {
  const auto read = [](std::string_view out) {
    const auto rows = ParseKeyValue({.out = out}, {});
    REQUIRE(rows);
    return Map(Metric("uptime"), *rows);
  };
  CHECK(read("uptime 12:34:56\nload 5\n") ==
        "missing: metric \"m\" got no sample: no row has the field \"uptime\"; "
        "there is \"uptime 12\": if a blank ends the names, set separator = "
        "\" \"");
  CHECK(read("uptime\t12=3\n").ends_with("set separator = \" \""));
  CHECK(read("uptimes: 12\n") ==
        "missing: metric \"m\" got no sample: no row has the field \"uptime\"; "
        "did you mean \"uptimes\"?");
}

TEST_CASE("each field of a list of values is one that some row has") {
  MetricConfig metric = Metric("one");
  metric.values = {"one", "fve"};
  metric.value_label = "w";
  const std::string failure =
      "missing: metric \"m\": no row has the field \"fve\"; did you mean "
      "\"five\"?";
  const auto rows = ParseKeyValue({.out = "one=1\nfive=5\n"}, {});
  REQUIRE(rows);
  CHECK(Map(metric, *rows) == failure);
  CHECK(Map(metric, Table("one five\n1 5\n")) == failure);
  metric.default_value = 0;
  CHECK(Map(metric, *rows) == "m{w=\"one\"} 1\n");
  CHECK(Map(metric, Table("one five\n1 5\n")) == failure);
  metric.default_value.reset();
  metric.on_missing = OnMissing::kSkip;
  CHECK(Map(metric, *rows) == "m{w=\"one\"} 1\n");
  CHECK(Map(metric, Table("one five\n1 5\n")).empty());
}

TEST_CASE("a listed field may be absent in some rows, and be said to be") {
  MetricConfig metric = Metric("one");
  metric.values = {"one", "five"};
  metric.value_label = "w";
  metric.aggregate = Aggregate::kSum;
  CHECK(Map(metric, Table("one five\n1 5\n2\n")) ==
        "m{w=\"one\"} 3\nm{w=\"five\"} 5\n");
  CHECK(Map(metric, Table("one five\n1\n2\n")) ==
        "missing: metric \"m\": no row has the field \"five\"; the header has "
        "it, but all rows are shorter: name the fields with columns, or set "
        "on_missing = \"skip\"");
  metric.missing = {"N/A"};
  CHECK(Map(metric, Table("one five\n1 N/A\n2 N/A\n")) == "m{w=\"one\"} 3\n");
  metric.missing.clear();
  metric.where = {Where("one", "2")};
  CHECK(Map(metric, Table("one five\n1 5\n2\n")) == "m{w=\"one\"} 2\n");
}

}  // namespace
}  // namespace command_exporter
