#include "core/metrics/writing/text_writer.hpp"

#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "core/metrics/reading/exposition_parser.hpp"
#include "core/metrics/scrape_registry.hpp"
#include "tests/core/metrics/oracles.hpp"

namespace command_exporter {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

std::string Write(const MetricFamilies& families) {
  std::string out;
  TextWriter::Append(families, out);
  return out;
}

MetricFamily Histogram() {
  MetricFamily family = MakeFamily("request_seconds", "How long requests took.",
                                   MetricType::Histogram);
  ClientMetric& metric = family.metric.emplace_back();
  metric.label = {{"handler", "metrics"}};
  metric.histogram.sample_count = 18446744073709551615U;
  metric.histogram.sample_sum = 0.30000000000000004;
  metric.histogram.bucket = {{3, 0.1}, {9, 1}};
  return family;
}

MetricFamily Summary() {
  MetricFamily family =
      MakeFamily("pause_seconds", "Pauses.", MetricType::Summary);
  ClientMetric& metric = family.metric.emplace_back();
  metric.summary.sample_count = 2;
  metric.summary.sample_sum = 7;
  metric.summary.quantile = {{0.5, 1}, {0.99, std::nan("")}};
  return family;
}

TEST_CASE("each type is written as the format says") {
  MetricFamilies families;
  families.push_back(
      MakeFamily("errors_total", "Errors.", MetricType::Counter));
  AddSample(families.back(), {{"code", "5"}, {"at", "x"}}, 100000);
  families.push_back(MakeFamily("load", "", MetricType::Gauge));
  AddSample(families.back(), {}, 0.25);
  families.push_back(MakeFamily("odd", "Odd.", MetricType::Untyped));
  AddSample(families.back(), {}, -3);
  families.push_back(MakeFamily("empty", "No line of it.", MetricType::Gauge));
  families.push_back(Histogram());
  families.push_back(Summary());
  CHECK(Write(families) ==
        "# HELP errors_total Errors.\n"
        "# TYPE errors_total counter\n"
        "errors_total{code=\"5\",at=\"x\"} 100000\n"
        "# TYPE load gauge\n"
        "load 0.25\n"
        "# HELP odd Odd.\n"
        "# TYPE odd untyped\n"
        "odd -3\n"
        "# HELP request_seconds How long requests took.\n"
        "# TYPE request_seconds histogram\n"
        "request_seconds_bucket{handler=\"metrics\",le=\"0.1\"} 3\n"
        "request_seconds_bucket{handler=\"metrics\",le=\"1\"} 9\n"
        "request_seconds_bucket{handler=\"metrics\",le=\"+Inf\"} "
        "18446744073709551615\n"
        "request_seconds_sum{handler=\"metrics\"} 0.30000000000000004\n"
        "request_seconds_count{handler=\"metrics\"} 18446744073709551615\n"
        "# HELP pause_seconds Pauses.\n"
        "# TYPE pause_seconds summary\n"
        "pause_seconds{quantile=\"0.5\"} 1\n"
        "pause_seconds{quantile=\"0.99\"} NaN\n"
        "pause_seconds_sum 7\n"
        "pause_seconds_count 2\n");
}

TEST_CASE("a histogram that has its last bucket keeps it") {
  MetricFamily family = MakeFamily("h", "", MetricType::Histogram);
  family.metric.emplace_back().histogram.bucket = {
      {0, std::numeric_limits<double>::infinity()}};
  CHECK(Write({family}) ==
        "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 0\nh_sum 0\nh_count 0\n");
  family.metric[0].histogram.bucket.clear();
  CHECK(Write({family}) ==
        "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 0\nh_sum 0\nh_count 0\n");
}

TEST_CASE("help and label values are escaped") {
  MetricFamily family =
      MakeFamily("a", "two\nlines, \\ and \"quotes\"", MetricType::Gauge);
  AddSample(family, {{"v", "two\nlines, \\ and \"quotes\""}}, 1);
  AddSample(family, {{"v", std::string("\0{},=", 5)}}, 2);
  CHECK(Write({family}) ==
        std::string("# HELP a two\\nlines, \\\\ and \"quotes\"\n"
                    "# TYPE a gauge\n"
                    "a{v=\"two\\nlines, \\\\ and \\\"quotes\\\"\"} 1\n"
                    "a{v=\"") +
            '\0' + "{},=\"} 2\n");
}

TEST_CASE("values that are no ordinary numbers have their spelling") {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  MetricFamily family = MakeFamily("a", "", MetricType::Gauge);
  AddSample(family, {{"n", "1"}}, std::nan(""));
  AddSample(family, {{"n", "2"}}, kInfinity);
  AddSample(family, {{"n", "3"}}, -kInfinity);
  AddSample(family, {{"n", "4"}}, 1795423161.3765054);
  CHECK(Write({family}) ==
        "# TYPE a gauge\na{n=\"1\"} NaN\na{n=\"2\"} +Inf\na{n=\"3\"} -Inf\n"
        "a{n=\"4\"} 1795423161.3765054\n");
}

TEST_CASE("a timestamp is written where there is one") {
  MetricFamily family = MakeFamily("a", "", MetricType::Gauge);
  AddSample(family, {}, 1);
  family.metric[0].timestamp_ms = 1395066363000;
  CHECK(Write({family}) == "# TYPE a gauge\na 1 1395066363000\n");
  family.metric[0].timestamp_ms = -5;
  CHECK(Write({family}) == "# TYPE a gauge\na 1 -5\n");
}

TEST_CASE("the serializer's interface gives the same text") {
  const MetricFamilies families = {Histogram(), Summary()};
  const TextWriter writer;
  const prometheus::Serializer& serializer = writer;
  CHECK(serializer.Serialize(families) == Write(families));
  std::ostringstream stream;
  serializer.Serialize(stream, families);
  CHECK(stream.str() == Write(families));
}

TEST_CASE("what is written is read back the same") {
  MetricFamily family =
      MakeFamily("a_total", "Back\\slash\nand line.", MetricType::Counter);
  AddSample(family, {{"v", "\\n \n \" \xC3\xA9"}, {"w", ""}}, 0.1 + 0.2);
  AddSample(family, {}, 5e-324);
  MetricFamily histogram = Histogram();
  histogram.metric[0].histogram.sample_count = 12;
  const std::string text = Write({family, histogram, Summary()});
  const auto parsed = ParseExposition(text);
  REQUIRE(parsed);
  CHECK(Write(parsed->families) == text);
}

TEST_CASE("promtool has nothing to say to what is written") {
  MetricFamilies families = {Histogram(), Summary()};
  families[0].metric[0].histogram.sample_count = 12;
  families.push_back(MakeFamily("read_bytes_total", "Two\nlines \\ \"here\".",
                                MetricType::Counter));
  AddSample(families.back(), {{"disk", "sd\"a\\\n"}}, 1e22);
  AddSample(families.back(), {{"disk", "\xC3\xA9"}}, std::nan(""));
  families.push_back(
      MakeFamily("battery_ratio", "Charge.", MetricType::Untyped));
  AddSample(families.back(), {}, 0.57);
  AddSample(families.back(), {{"n", "1"}}, -1e-300);
  ScrapeRegistry registry;
  CHECK(registry.Add(std::move(families)).total() == 0);
  const std::string text = Write(registry.Take());
  CAPTURE(text);
  CHECK(CheckWithPromtool(text) == "status 0\n");
  // The same tool rejects a wrong line.
  CHECK(CheckWithPromtool("a b\n") != "status 0\n");
  // Python's parser of the text format does, too.
  CHECK(CheckWithPython(PythonParser::kText, {text, "a b\n"})[0] == "ok");
  CHECK(CheckWithPython(PythonParser::kText, {text, "a b\n"})[1] != "ok");
}

}  // namespace
}  // namespace command_exporter
