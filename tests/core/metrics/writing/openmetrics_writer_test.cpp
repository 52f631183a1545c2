#include "core/metrics/writing/openmetrics_writer.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/number.hpp"
#include "core/metrics/scrape_registry.hpp"
#include "core/metrics/writing/text_writer.hpp"
#include "tests/core/metrics/oracles.hpp"

namespace command_exporter {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

std::string Write(const MetricFamilies& families) {
  std::string out;
  OpenMetricsWriter::Append(families, out);
  return out;
}

// Writes families and checks the text with the strict parser, which must accept
// it.
std::string WriteStrictly(MetricFamilies families) {
  ScrapeRegistry registry;
  CHECK(registry.Add(std::move(families)).total() == 0);
  std::string text = Write(registry.Take());
  CAPTURE(text);
  CHECK(CheckWithPython(PythonParser::kOpenMetrics, {text})[0] == "ok");
  return text;
}

MetricFamily Simple(std::string name, MetricType type, double value) {
  MetricFamily family = MakeFamily(std::move(name), "", type);
  AddSample(family, {}, value);
  return family;
}

MetricFamily Histogram(std::string name, double sum, double bound = 0.1) {
  MetricFamily family = MakeFamily(std::move(name), "", MetricType::Histogram);
  ClientMetric& metric = family.metric.emplace_back();
  metric.label = {{"handler", "x"}};
  metric.histogram.sample_count = 12;
  metric.histogram.sample_sum = sum;
  metric.histogram.bucket = {{3, bound}, {9, 1}, {9, 1e6}};
  return family;
}

MetricFamily Summary(std::string name, double value, double sum) {
  MetricFamily family = MakeFamily(std::move(name), "", MetricType::Summary);
  ClientMetric& metric = family.metric.emplace_back();
  metric.summary.sample_count = 2;
  metric.summary.sample_sum = sum;
  metric.summary.quantile = {{0, value}, {0.99, std::nan("")}};
  return family;
}

TEST_CASE("each type is written as OpenMetrics says") {
  MetricFamilies families;
  families.push_back(MakeFamily("errors_total", "All \"errors\", \\ and\nmore.",
                                MetricType::Counter));
  AddSample(families.back(), {{"code", "5"}, {"at", "x\n\"\\"}}, 100000);
  families.push_back(Simple("load", MetricType::Gauge, 0.25));
  families.push_back(Simple("odd", MetricType::Untyped, -3));
  families.push_back(MakeFamily("none", "No line of it.", MetricType::Gauge));
  families.push_back(Histogram("request_seconds", 5));
  families.push_back(Summary("pause_seconds", 1, 7));
  families.push_back(Simple("read_bytes_total", MetricType::Counter, 1e22));
  CHECK(WriteStrictly(families) ==
        "# TYPE errors counter\n"
        "# HELP errors All \\\"errors\\\", \\\\ and\\nmore.\n"
        "errors_total{code=\"5\",at=\"x\\n\\\"\\\\\"} 100000\n"
        "# TYPE load gauge\n"
        "load 0.25\n"
        "# TYPE odd unknown\n"
        "odd -3\n"
        "# TYPE pause_seconds summary\n"
        "# UNIT pause_seconds seconds\n"
        "pause_seconds{quantile=\"0.0\"} 1\n"
        "pause_seconds{quantile=\"0.99\"} NaN\n"
        "pause_seconds_sum 7\n"
        "pause_seconds_count 2\n"
        "# TYPE read_bytes counter\n"
        "# UNIT read_bytes bytes\n"
        "read_bytes_total 1e+22\n"
        "# TYPE request_seconds histogram\n"
        "# UNIT request_seconds seconds\n"
        "request_seconds_bucket{handler=\"x\",le=\"0.1\"} 3\n"
        "request_seconds_bucket{handler=\"x\",le=\"1.0\"} 9\n"
        "request_seconds_bucket{handler=\"x\",le=\"1e+06\"} 9\n"
        "request_seconds_bucket{handler=\"x\",le=\"+Inf\"} 12\n"
        "request_seconds_sum{handler=\"x\"} 5\n"
        "request_seconds_count{handler=\"x\"} 12\n"
        "# EOF\n");
  CHECK(Write({}) == "# EOF\n");
}

TEST_CASE("a counter that OpenMetrics does not know as one is unknown") {
  CHECK(WriteStrictly({Simple("errors", MetricType::Counter, 1)}) ==
        "# TYPE errors unknown\nerrors 1\n# EOF\n");
  CHECK(WriteStrictly({Simple("a_total", MetricType::Counter, -1)}) ==
        "# TYPE a_total unknown\na_total -1\n# EOF\n");
  CHECK(WriteStrictly({Simple("a_total", MetricType::Counter, std::nan(""))}) ==
        "# TYPE a_total unknown\na_total NaN\n# EOF\n");
  CHECK(Write({Simple("_total", MetricType::Counter, 1)}) ==
        "# TYPE _total unknown\n_total 1\n# EOF\n");
}

TEST_CASE("a family whose names clash in OpenMetrics only is unknown") {
  const auto counter = [](const char* name) {
    return Simple(name, MetricType::Counter, 1);
  };
  const auto gauge = [](const char* name) {
    return Simple(name, MetricType::Gauge, 1);
  };
  const std::string unknown = "# TYPE jobs_total unknown\njobs_total 1\n";
  for (const MetricFamilies& families : std::vector<MetricFamilies>{
           {gauge("jobs"), counter("jobs_total")},
           {counter("jobs"), counter("jobs_total")},
           {Histogram("jobs", 1), counter("jobs_total")},
           {gauge("jobs_created"), counter("jobs_total")},
           {counter("jobs_total"), counter("jobs_total_total")},
           {Summary("x", 1, 1), counter("x_sum_total")},
           {Histogram("x", 1), counter("x_bucket_total")},
           {Histogram("x", 1), counter("x_created_total")},
           {counter("x_total"), counter("x_created_total")},
           {gauge("x_created"), Histogram("x", 1)},
           {gauge("x_created"), Summary("x", 1, 1), counter("x_count_total")},
           {counter("a_bytes_total"), gauge("a_bytes_total_bytes")},
       }) {
    const std::string text = WriteStrictly(families);
    for (const MetricFamily& family : families) {
      CHECK(text.find("\n" + family.name) != std::string::npos);
    }
  }
  CHECK_THAT(WriteStrictly({gauge("jobs"), counter("jobs_total")}),
             Catch::Contains(unknown));
  CHECK_THAT(WriteStrictly({gauge("x_created"), Histogram("x", 1)}),
             Catch::Contains("# TYPE x_bucket unknown\n") &&
                 Catch::Contains("# TYPE x_sum unknown\n") &&
                 Catch::Contains("# TYPE x_count unknown\n"));
  // A summary does not own the suffix `_bucket`.
  CHECK_THAT(WriteStrictly({Summary("x", 1, 1), counter("x_bucket_total")}),
             Catch::Contains("# TYPE x_bucket counter\n"));
}

TEST_CASE("a distribution with values below zero loses its type only") {
  CHECK(WriteStrictly({Summary("s", -1, 7)}) ==
        "# TYPE s unknown\ns{quantile=\"0.0\"} -1\n"
        "s{quantile=\"0.99\"} NaN\n"
        "# TYPE s_sum unknown\ns_sum 7\n# TYPE s_count unknown\ns_count 2\n"
        "# EOF\n");
  for (const MetricFamily& family :
       {Summary("x", 1, -7), Summary("x", 1, std::nan("")), Histogram("x", -1),
        Histogram("x", std::nan("")), Histogram("x", 1, -0.5)}) {
    CHECK_THAT(WriteStrictly({family}),
               Catch::Contains("# TYPE x_sum unknown\n"));
  }
}

TEST_CASE("a unit stands there only when the name ends in it") {
  for (const auto& [name, unit] :
       std::vector<std::pair<std::string, std::string>>{
           {"a_seconds", "seconds"},
           {"a_ratio", "ratio"},
           {"a_seconds_x", ""},
           {"seconds", ""},
           {"a_bits", ""},
           {"aseconds", ""},
           {"a_seconds_", ""}}) {
    const std::string text =
        WriteStrictly({Simple(name, MetricType::Gauge, 1)});
    CHECK(text ==
          "# TYPE " + name + " gauge\n" +
              (unit.empty() ? "" : "# UNIT " + name + " " + unit + "\n") +
              name + " 1\n# EOF\n");
  }
}

TEST_CASE("OpenMetrics has timestamps in seconds") {
  MetricFamily family = Simple("a", MetricType::Gauge, 1);
  for (const auto& [milliseconds, seconds] :
       std::vector<std::pair<std::int64_t, std::string>>{
           {1395066363070, "1395066363.070"},
           {-5, "-0.005"},
           {1, "0.001"},
           {-1999, "-1.999"}}) {
    family.metric[0].timestamp_ms = milliseconds;
    CHECK(Write({family}) == "# TYPE a gauge\na 1 " + seconds + "\n# EOF\n");
  }
}

// COMMAND_EXPORTER_ROUND_TRIPS=1000000 tries that many numbers.
TEST_CASE("numbers come back bit for bit from both formats") {
  const char* const wish = std::getenv("COMMAND_EXPORTER_ROUND_TRIPS");
  const int count = wish == nullptr ? 5000 : std::atoi(wish);
  REQUIRE(count > 0);
  std::mt19937_64 random(1795423161);
  MetricFamily family = MakeFamily("a", "", MetricType::Gauge);
  std::string line;
  int tried = 0;
  int wrong = 0;
  for (int i = 0; i < count; ++i) {
    const std::uint64_t bits = random();
    double value = 0;
    std::memcpy(&value, &bits, sizeof(value));
    if (std::isnan(value)) {
      continue;  // all of them are NaN
    }
    family.metric.assign(1, {});
    family.metric[0].gauge.value = value;
    for (const std::string& text : {Write({family}), [&family] {
                                      std::string out;
                                      TextWriter::Append({family}, out);
                                      return out;
                                    }()}) {
      const std::size_t begin = text.find("\na ") + 3;
      line = text.substr(begin, text.find('\n', begin) - begin);
      const auto back = ParseNumber(line);
      std::uint64_t again = 0;
      const double read = back.value_or(std::nan(""));
      std::memcpy(&again, &read, sizeof(again));
      wrong += again == bits ? 0 : 1;
      ++tried;
    }
  }
  CHECK(tried > count);
  CHECK(wrong == 0);
}

TEST_CASE("the serializer's interface gives the same OpenMetrics") {
  const MetricFamilies families = {Histogram("x", 1)};
  const OpenMetricsWriter writer;
  const prometheus::Serializer& serializer = writer;
  CHECK(serializer.Serialize(families) == Write(families));
}

}  // namespace
}  // namespace command_exporter
