#include "collectors/mapping/metric_mapper.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "collectors/formats/format.hpp"
#include "tests/collectors/mapping/mapped_rows.hpp"

namespace command_exporter {
namespace {

using test::Map;
using test::Metric;
using test::Table;
using test::Where;

TEST_CASE("type, help and name have their defaults") {
  MetricConfig metric = Metric("n");
  metric.name = "jobs_total";
  MetricFamilies families;
  REQUIRE(
      MetricMapper(metric, "jobs", {}).Map(Table("n\n1\n"), 10000, families));
  CHECK(families[0].type == prometheus::MetricType::Counter);
  CHECK(families[0].help == "From collector \"jobs\".");
  CHECK(families[0].metric[0].counter.value == 1);

  metric.type = MetricType::kUntyped;
  REQUIRE(
      MetricMapper(metric, "jobs", {}).Map(Table("n\n2\n"), 10000, families));
  CHECK(families[1].type == prometheus::MetricType::Untyped);
  CHECK(families[1].metric[0].untyped.value == 2);
}

TEST_CASE("a text that is no number fails with its line, never as 0") {
  MetricConfig metric = Metric("n");
  metric.aggregate = Aggregate::kSum;
  CHECK(Map(metric, Table("n\n1\n\n0x10\n")) ==
        "parse: line 4: metric \"m\": \"0x10\" in the field \"n\" is no "
        "number; if it is meant, set base = 16");
  CHECK(Map(metric, Table("n\n12%\n")) ==
        "parse: line 2: metric \"m\": \"12%\" in the field \"n\" is no "
        "number; if it is meant, set unit = \"percent\"");
  CHECK(Map(metric, Table("n\n12kB\n")) ==
        "parse: line 2: metric \"m\": \"12kB\" in the field \"n\" is no "
        "number; if it is meant, set unit = \"kB\", \"KiB\", \"size_1024\" "
        "or \"size_1000\"");
  metric.unit = FindUnit("KiB");
  CHECK(Map(metric, Table("n\n12kB\n")) == "m 12288\n");
  metric.unit = FindUnit("ms");
  CHECK(Map(metric, Table("n\n-\n")) ==
        "parse: line 2: metric \"m\": \"-\" in the field \"n\" is no number "
        "in ms");
}

TEST_CASE("units and scale are exact where decimals can be") {
  MetricConfig metric = Metric("n");
  metric.unit = FindUnit("percent");
  CHECK(Map(metric, Table("n\n57%\n")) == "m 0.57\n");
  metric.unit = FindUnit("ms");
  CHECK(Map(metric, Table("n\n0.057\n")) == "m 5.7e-05\n");
  metric.unit = nullptr;
  metric.scale = 0.01;
  CHECK(Map(metric, Table("n\n57\n")) == "m 0.57\n");
  metric.scale = 1000;
  CHECK(Map(metric, Table("n\n1.001\n")) == "m 1001\n");
  metric.unit = FindUnit("ms");
  metric.scale = 0.1;
  CHECK(Map(metric, Table("n\n0.57\n")) == "m 5.7e-05\n");
  metric.unit = nullptr;
  metric.scale = 8;
  CHECK(Map(metric, Table("n\n57\n")) == "m 456\n");
  metric.scale = -1e200;
  CHECK(Map(metric, Table("n\n-Inf\n")) == "m +Inf\n");
  CHECK(Map(metric, Table("n\n1e200\n")) ==
        "parse: line 2: metric \"m\": \"1e200\" in the field \"n\" is no "
        "number");
}

TEST_CASE("a metric reads numbers in the form that it declares") {
  MetricConfig metric = Metric("n");
  metric.aggregate = Aggregate::kSum;
  metric.unit = FindUnit("size_1024");
  CHECK(Map(metric, Table("n\n1.5K\n1Mi\n0\n")) == "m 1050112\n");
  CHECK(Map(metric, Table("n\n512\n")) ==
        "parse: line 2: metric \"m\": \"512\" in the field \"n\" is no number "
        "in size_1024; it has no unit: name the one that is meant, such as "
        "bare = \"B\"");
  metric.bare = FindUnit("KiB");
  CHECK(Map(metric, Table("n\n512\n")) == "m 524288\n");
  metric.scale = 0.001;
  CHECK(Map(metric, Table("n\n1.001K\n")) == "m 1.025024\n");
  metric = Metric("n");
  metric.base = 16;
  metric.map = {{"none", 0}};
  CHECK(Map(metric, Table("n\n0x1F\n")) == "m 31\n");
  CHECK(Map(metric, Table("n\nnone\n")) == "m 0\n");
  CHECK(Map(metric, Table("n\n-1\n")) ==
        "parse: line 2: metric \"m\": \"-1\" in the field \"n\" is no number "
        "in base 16 and not in map");
  metric.scale = 1000;
  CHECK(Map(metric, Table("n\nff\n")) == "m 255000\n");
  metric.scale = 0.5;
  metric.base = 10;
  metric.suffix = "W";
  CHECK(Map(metric, Table("n\n5W\n")) == "m 2.5\n");
}

TEST_CASE("map comes before numbers, true and false are 1 and 0") {
  MetricConfig metric = Metric("n");
  metric.map = {{"up", 1}, {"down", 0}, {"inf", -7}};
  metric.unit = FindUnit("percent");
  metric.aggregate = Aggregate::kLast;
  CHECK(Map(metric, Table("n\nup\n")) == "m 1\n");
  CHECK(Map(metric, Table("n\ninf\n")) == "m -7\n");
  CHECK(Map(metric, Table("n\n8\n")) == "m 0.08\n");
  CHECK(Map(metric, Table("n\ntrue\nfalse\n")) == "m 0\n");
  CHECK(Map(metric, Table("n\nDOWN\n")) ==
        "parse: line 2: metric \"m\": \"DOWN\" in the field \"n\" is no number "
        "in percent and not in map");
}

TEST_CASE("a map of numbers names all that may come") {
  MetricConfig metric = Metric("n");
  metric.map = {{"0", 1}, {"3", 0}, {"failed", -1}};
  CHECK(Map(metric, Table("n\n3\n")) == "m 0\n");
  CHECK(Map(metric, Table("n\nfailed\n")) == "m -1\n");
  for (const std::string text : {"4", "1", "00", "0.0", "true", "inf"}) {
    CHECK(Map(metric, Table("n\n" + text + "\n")) ==
          "parse: line 2: metric \"m\": \"" + text +
              "\" in the field \"n\" is not in map, whose keys are numbers; "
              "add " +
              (text == "0.0" ? "\"0.0\"" : text) + " to it");
  }
  metric.unit = FindUnit("percent");
  metric.map = {{"100%", 2}};
  CHECK(Map(metric, Table("n\n50%\n")) ==
        "parse: line 2: metric \"m\": \"50%\" in the field \"n\" is not in "
        "map, whose keys are numbers; add \"50%\" to it");
  metric.unit = nullptr;
  metric.base = 16;
  metric.map = {{"dead", 2}, {"-", 3}};
  CHECK(Map(metric, Table("n\nff\n")) == "m 255\n");
}

TEST_CASE("a map of words leaves numbers as they are") {
  MetricConfig metric = Metric("n");
  metric.map = {{"unlimited", -1}, {"", 0}, {"nan", 5}};
  metric.labels = {{"at", "{_line}"}};
  CHECK(Map(metric, Table("n\nunlimited\n12\n")) ==
        "m{at=\"2\"} -1\nm{at=\"3\"} 12\n");
}

TEST_CASE("labels are fields, templates and the matrix") {
  MetricConfig metric = Metric("n");
  metric.labels = {{"dev", "{dev}"},
                   {"what", "{_line}: {dev}/{host} {x"},
                   {"disk", "data"},
                   {"none", "{free text}"}};
  metric.on_missing = OnMissing::kSkip;
  Rows rows = Table("dev n\na 1\nb 2\n");
  CHECK(Map(metric, rows, {{"host", "h"}}).empty());
  rows.has_closed_names = false;
  CHECK(Map(metric, rows, {{"host", "h"}}) ==
        "m{dev=\"a\",disk=\"data\",host=\"h\",none=\"\",what=\"2: a/h {x\"} "
        "1\n"
        "m{dev=\"b\",disk=\"data\",host=\"h\",none=\"\",what=\"3: b/h {x\"} "
        "2\n");
  metric.on_missing = OnMissing::kFail;
  metric.labels = {{"dev", "{devcie}"}};
  CHECK(Map(metric, Table("device n\na 1\n")) ==
        "missing: metric \"m\": no row has the field \"devcie\" of the "
        "label \"dev\"; did you mean \"device\"?");
  metric.aggregate = Aggregate::kSum;
  metric.known = {{"dev", {"a"}}};
  metric.default_value = 0;
  CHECK(Map(metric, Table("device n\na 1\n")) ==
        "missing: metric \"m\": no row has the field \"devcie\" of the "
        "label \"dev\"; did you mean \"device\"?");
  CHECK(Map(metric, Table("device n\n")) == "m{dev=\"a\"} 0\n");
}

TEST_CASE("a column that the header has and no row does is no label") {
  // netstat: eight words above six fields.
  const Rows rows = Table(
      "Proto Local Address Foreign Address State\n"
      "tcp 127.0.0.1:22 0.0.0.0:* LISTEN\n");
  MetricConfig metric = Metric("n");
  metric.aggregate = Aggregate::kCount;
  metric.labels = {{"state", "{State}"}};
  metric.known = {{"state", {"LISTEN"}}};
  CHECK(Map(metric, rows) ==
        "missing: metric \"m\": no row has the field \"State\" of the label "
        "\"state\"; the header has it, but all rows are shorter: name the "
        "fields with columns, or set on_missing = \"skip\"");
  metric.on_missing = OnMissing::kSkip;
  CHECK(Map(metric, rows) == "m{state=\"\"} 1\nm{state=\"LISTEN\"} 0\n");
}

TEST_CASE("a where on a field that no row has does not count as 0") {
  MetricConfig metric = Metric("n");
  metric.aggregate = Aggregate::kCount;
  metric.where.push_back(Where("STATE", "R"));
  CHECK(Map(metric, Table("PID STAT\n1 R\n")) ==
        "missing: metric \"m\": no row has the field \"STATE\" of its where; "
        "did you mean \"STAT\"?");
  CHECK(Map(metric, Table("PID STATE\n1\n")) == "m 0\n");
  const auto records = ParseKeyValue({.out = "PID=1\n"}, {});
  REQUIRE(records);
  CHECK(Map(metric, *records) ==
        "missing: metric \"m\": no row has the field \"STATE\" of its where; "
        "there are: PID");
  metric.on_missing = OnMissing::kSkip;
  CHECK(Map(metric, *records) == "m 0\n");
}

TEST_CASE("a list of values gives one sample each, a constant one a row") {
  MetricConfig metric = Metric("a");
  metric.values = {"a", "b"};
  metric.value_label = "kind";
  metric.labels = {{"dev", "{dev}"}};
  CHECK(Map(metric, Table("dev a b\nx 1 2\ny 3\n")) ==
        "m{dev=\"x\",kind=\"a\"} 1\nm{dev=\"x\",kind=\"b\"} 2\n"
        "m{dev=\"y\",kind=\"a\"} 3\n");
  metric.value_label.clear();
  metric.constant = 1;
  CHECK(Map(metric, Table("dev a\nx 1\ny\n")) ==
        "m{dev=\"x\"} 1\nm{dev=\"y\"} 1\n");
}

TEST_CASE("a second sample with the same labels fails with both lines") {
  MetricConfig metric = Metric("n");
  metric.labels = {{"dev", "{dev}"}};
  CHECK(Map(metric, Table("dev n\na 1\nb 2\na 3\n")) ==
        "duplicate: line 4: metric \"m\" gets a second sample with "
        "{dev=\"a\"}, the first is from line 2; add labels that tell them "
        "apart, or aggregate");
}

TEST_CASE("aggregates join the rows with the same labels") {
  MetricConfig metric = Metric("n");
  metric.labels = {{"dev", "{dev}"}};
  const Rows rows = Table("dev n\na 5\nb 2\na 1\na 3\n");
  const auto with = [&](Aggregate aggregate) {
    metric.aggregate = aggregate;
    return Map(metric, rows);
  };
  CHECK(with(Aggregate::kCount) == "m{dev=\"a\"} 3\nm{dev=\"b\"} 1\n");
  CHECK(with(Aggregate::kSum) == "m{dev=\"a\"} 9\nm{dev=\"b\"} 2\n");
  CHECK(with(Aggregate::kMin) == "m{dev=\"a\"} 1\nm{dev=\"b\"} 2\n");
  CHECK(with(Aggregate::kMax) == "m{dev=\"a\"} 5\nm{dev=\"b\"} 2\n");
  CHECK(with(Aggregate::kFirst) == "m{dev=\"a\"} 5\nm{dev=\"b\"} 2\n");
  CHECK(with(Aggregate::kLast) == "m{dev=\"a\"} 3\nm{dev=\"b\"} 2\n");
}

TEST_CASE("a count without rows is 0 and never missing") {
  MetricConfig metric = Metric("n");
  metric.aggregate = Aggregate::kCount;
  metric.labels = {{"host", "h"}};
  CHECK(Map(metric, Table("n\n")) == "m{host=\"h\"} 0\n");
  metric.labels = {{"dev", "{dev}"}};
  CHECK(Map(metric, Table("dev n\n")).empty());
}

TEST_CASE("known label values always appear") {
  MetricConfig metric = Metric("n");
  metric.aggregate = Aggregate::kCount;
  metric.labels = {{"state", "{state}"}};
  metric.known = {{"state", {"up", "down"}}};
  CHECK(Map(metric, Table("state\ndown\nodd\n")) ==
        "m{state=\"down\"} 1\nm{state=\"odd\"} 1\nm{state=\"up\"} 0\n");
  CHECK(Map(metric, Table("state\n")) ==
        "m{state=\"up\"} 0\nm{state=\"down\"} 0\n");

  metric.labels.push_back({"dev", "{dev}"});
  CHECK(Map(metric, Table("state dev\nup a\nup b\n")) ==
        "m{dev=\"a\",state=\"up\"} 1\nm{dev=\"b\",state=\"up\"} 1\n"
        "m{dev=\"a\",state=\"down\"} 0\nm{dev=\"b\",state=\"down\"} 0\n");
}

TEST_CASE("where looks at whole fields, and a row without the field fails it") {
  MetricConfig metric = Metric("n");
  metric.where.push_back(Where("dev", "sd."));
  metric.aggregate = Aggregate::kSum;
  CHECK(Map(metric, Table("n dev\n1 sda\n2 sda1\n3\n4 sdb\n")) == "m 5\n");
  metric.where.push_back(Where("_exit_code", "[^0]"));
  CHECK(Map(metric, Table("n dev\n1 sda\n")) ==
        "missing: metric \"m\" got no sample: its where stopped the only row; "
        "the first has \"dev\" = \"sda\"");
  CHECK(Map(metric, Table("n dev\n1 tty\n2 sda\n")) ==
        "missing: metric \"m\" got no sample: its where stopped all 2 rows; "
        "the first has \"dev\" = \"tty\"");
  Rows rows = Table("n dev\n1 sda\n");
  rows.exit_code = 2;
  CHECK(Map(metric, rows) == "m 1\n");
}

TEST_CASE("on_missing looks at the metric, not at each row") {
  MetricConfig metric = Metric("b");
  metric.labels = {{"row", "{row}"}};
  CHECK(Map(metric, Table(" a b\nx 1 2\ny 3\n")) == "m{row=\"x\"} 2\n");
  CHECK(Map(metric, Table("row total\nx 1\ny 2\n")) ==
        "missing: metric \"m\" got no sample: no row has the field \"b\"; "
        "there are: row, total");
  metric.on_missing = OnMissing::kSkip;
  CHECK(Map(metric, Table(" a\n1 2\n")).empty());
}

TEST_CASE("a default is the value of a metric that got no sample") {
  MetricConfig metric = Metric("b");
  metric.default_value = 7;
  const auto rows = ParseKeyValue({.out = "a=1\n"}, {});
  REQUIRE(rows);
  CHECK(Map(metric, *rows, {{"host", "h"}}) == "m{host=\"h\"} 7\n");
  CHECK(Map(metric, Table("a b\n1\n")) == "m 7\n");
  CHECK(Map(metric, Table("a\n")) == "m 7\n");
  metric.values = {"b", "c"};
  metric.value_label = "kind";
  CHECK(Map(metric, *rows) == "m{kind=\"b\"} 7\nm{kind=\"c\"} 7\n");
}

TEST_CASE("a field that the output has twice fails the metric that uses it") {
  CHECK(Map(Metric("Address"), Table("Address n Address\n1 2 3\n")) ==
        "duplicate: line 1: metric \"m\" uses the field \"Address\", but the "
        "output has it more than once; name the fields with columns");
  CHECK(Map(Metric("n"), Table("Address n Address\n1 2 3\n")) == "m 2\n");
}

}  // namespace
}  // namespace command_exporter
