// Rows that are left out: where_not.
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "tests/collectors/mapping/mapped_rows.hpp"

namespace command_exporter {
namespace {

using test::Map;
using test::Metric;
using test::Table;
using test::Where;

TEST_CASE("where_not leaves out a row if any of its patterns matches") {
  MetricConfig metric = Metric("n");
  metric.labels = {{"s", "{s}"}};
  metric.where_not = {Where("s", "a|b"), Where("n", "0")};
  CHECK(Map(metric, Table("s n\na 1\nab 2\nc 0\nc 3\n")) ==
        "m{s=\"ab\"} 2\nm{s=\"c\"} 3\n");
  metric.where = {Where("s", "a.*")};
  CHECK(Map(metric, Table("s n\na 1\nab 2\nc 0\nc 3\n")) == "m{s=\"ab\"} 2\n");
  CHECK(Map(metric, Table("s n\na 1\n")) ==
        "missing: metric \"m\" got no sample: its where or where_not stopped "
        "the only row; the first has \"s\" = \"a\", \"n\" = \"1\"");
  metric.where.clear();
  CHECK(Map(metric, Table("s n\na 1\nb 2\n")) ==
        "missing: metric \"m\" got no sample: its where_not stopped all 2 "
        "rows; the first has \"s\" = \"a\", \"n\" = \"1\"");
}

TEST_CASE("an absent field matches nothing of where_not, a wrong one fails") {
  MetricConfig metric = Metric("n");
  metric.aggregate = Aggregate::kSum;
  metric.where_not = {Where("state", ".*")};
  Rows rows;
  rows.StartRow(1);
  rows.Set(rows.AddColumn("n"), "1");
  rows.StartRow(2);
  rows.Set(rows.AddColumn("n"), "2");
  rows.Set(rows.AddColumn("state"), "down");
  CHECK(Map(metric, rows) == "m 1\n");
  metric.where_not = {Where("sate", ".*")};
  CHECK(Map(metric, rows) ==
        "missing: metric \"m\": no row has the field \"sate\" of its "
        "where_not; did you mean \"state\"?");
  metric.on_missing = OnMissing::kSkip;
  CHECK(Map(metric, rows).empty());
  metric.default_value = 7;
  metric.on_missing = OnMissing::kFail;
  CHECK(Map(metric, rows) == "m 7\n");
}

TEST_CASE("a name that no row can have gives no sample without its condition") {
  MetricConfig metric = Metric("v");
  metric.aggregate = Aggregate::kSum;
  metric.where_not = {Where("typ", "tmpfs")};
  const std::string failure =
      "missing: metric \"m\": no row has the field \"typ\" of its where_not; "
      "did you mean \"type\"?";
  const std::string_view out = "type v\ntmpfs 5\next4 7\n";
  metric.default_value = 0;
  CHECK(Map(metric, Table(out)) == failure);
  CHECK(Map(metric, Table("type v\n")) == "m 0\n");
  metric.on_missing = OnMissing::kSkip;
  CHECK(Map(metric, Table(out)).empty());
  metric.default_value.reset();
  CHECK(Map(metric, Table(out)).empty());

  std::swap(metric.where, metric.where_not);
  CHECK(Map(metric, Table(out)).empty());
  metric.aggregate = Aggregate::kCount;
  CHECK(Map(metric, Table(out)).empty());
  metric.on_missing = OnMissing::kFail;
  metric.default_value = 0;
  CHECK(Map(metric, Table(out)) ==
        "missing: metric \"m\": no row has the field \"typ\" of its where; "
        "did you mean \"type\"?");
}

}  // namespace
}  // namespace command_exporter
