#include "collectors/examples/expected_exposition.hpp"

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "core/metrics/reading/exposition_parser.hpp"
#include "core/metrics/scrape_registry.hpp"

namespace command_exporter {
namespace {

// The families that a scrape would give for an exposition.
MetricFamilies Scraped(std::string_view text) {
  auto parsed = ParseExposition(text);
  REQUIRE(parsed.has_value());
  ScrapeRegistry registry;
  CHECK(registry.Add(std::move(parsed->families)).total() == 0);
  return registry.Take();
}

// The lines of the difference.
std::string Difference(std::string_view expected, std::string_view given) {
  const auto exposition = ExpectedExposition::Parse(expected);
  REQUIRE(exposition.has_value());
  std::string text;
  for (const std::string& line : exposition->Difference(Scraped(given))) {
    text += line + "\n";
  }
  return text;
}

std::string Fault(std::string_view text) {
  const auto exposition = ExpectedExposition::Parse(text);
  return exposition ? "none"
                    : std::string(Name(exposition.error().reason)) + ": " +
                          exposition.error().message;
}

constexpr std::string_view kDisks = R"(# HELP disk_bytes Size.
# TYPE disk_bytes gauge
disk_bytes{device="sda",kind="ssd"} 1000
disk_bytes{device="sdb",kind="ssd"} 0.5
# TYPE reads_total counter
reads_total 3
)";

TEST_CASE("the layout of an expectation makes no difference") {
  CHECK(Difference(kDisks, kDisks).empty());
  CHECK(Difference("reads_total 3.0\n"
                   "\n"
                   "# the disks\n"
                   "disk_bytes { kind=\"ssd\", device=\"sdb\", } 5e-1\r\n"
                   "disk_bytes{none=\"\",kind=\"ssd\",device=\"sda\"} 1e3",
                   kDisks)
            .empty());
  CHECK(Difference("", "").empty());
  CHECK(Difference("a NaN\nb -Inf\n", "a nan\nb -inf\n").empty());
  CHECK(Difference("# TYPE a gauge\n# HELP a It.\n", "").empty());
}

TEST_CASE("a name in quotes is not what it is without them") {
  constexpr std::string_view kGiven =
      "# HELP \"disk \\\"f\\\"\" It is.\n# TYPE \"disk \\\"f\\\"\" gauge\n"
      "{\"disk \\\"f\\\"\",\"fs.type\"=\"x\"} 1\n";
  CHECK(Difference(kGiven, kGiven).empty());
  CHECK(Difference("{\"fs.type\"=\"x\",\"disk \\\"f\\\"\"} 1.0\n", kGiven)
            .empty());
  CHECK(Difference("disk__f_{fs_type=\"x\"} 1\n", kGiven) ==
        R"(- disk__f_{fs_type="x"} 1
+ # TYPE "disk \"f\"" gauge
+ {"disk \"f\"","fs.type"="x"} 1
)");
  CHECK(Difference("# HELP \"disk \\\"f\\\"\" It was.\n"
                   "{\"disk \\\"f\\\"\",\"fs.type\"=\"x\"} 1\n",
                   kGiven) == R"(- # HELP "disk \"f\"" It was.
+ # HELP "disk \"f\"" It is.
)");
}

TEST_CASE("HELP and TYPE count where they are written") {
  CHECK(Difference(R"(# TYPE disk_bytes counter
# HELP disk_bytes Size.
disk_bytes{device="sda",kind="ssd"} 1000
disk_bytes{device="sdb",kind="ssd"} 0.5
# TYPE reads_total untyped
reads_total 3
)",
                   kDisks) == R"(- # TYPE disk_bytes counter
+ # TYPE disk_bytes gauge
- # TYPE reads_total untyped
+ # TYPE reads_total counter
)");
  CHECK(Difference("# HELP a Mine.\na 1", "# HELP a Its.\na 1") ==
        "- # HELP a Mine.\n+ # HELP a Its.\n");
  CHECK(Difference("# HELP a Mine.\n# TYPE a gauge\na 1", "") ==
        "- # HELP a Mine.\n- # TYPE a gauge\n- a 1\n");
}

TEST_CASE("values of a series, and the series of a family, stand together") {
  CHECK(Difference(R"(reads_total 4
disk_bytes{device="sda"} 1000
disk_bytes{device="sdb",kind="ssd"} 0.25
gone{a="b c"} 1
)",
                   kDisks) == R"(- reads_total 4
+ reads_total 3
- disk_bytes{device="sda"} 1000
- disk_bytes{device="sdb",kind="ssd"} 0.25
+ disk_bytes{device="sdb",kind="ssd"} 0.5
+ disk_bytes{device="sda",kind="ssd"} 1000
- gone{a="b c"} 1
)");
}

TEST_CASE("what comes unexpected is an exposition that can be pasted") {
  const std::string difference = Difference("", kDisks);
  CHECK(difference == R"(+ # TYPE disk_bytes gauge
+ disk_bytes{device="sda",kind="ssd"} 1000
+ disk_bytes{device="sdb",kind="ssd"} 0.5
+ # TYPE reads_total counter
+ reads_total 3
)");
  std::string pasted;
  for (std::size_t at = 0; at < difference.size();) {
    const std::size_t end = difference.find('\n', at) + 1;
    pasted += difference.substr(at + 2, end - at - 2);
    at = end;
  }
  CHECK(Difference(pasted, kDisks).empty());
}

TEST_CASE(
    "label values with blanks, quotes and newlines are shown as written") {
  constexpr std::string_view kOdd = "a{b=\"x y\\\"z\\\\\\nw\"} 1\n";
  CHECK(Difference(kOdd, kOdd).empty());
  CHECK(Difference("", kOdd) ==
        "+ # TYPE a untyped\n+ a{b=\"x y\\\"z\\\\\\nw\"} 1\n");
}

TEST_CASE("a histogram may be expected with its TYPE or by its samples") {
  constexpr std::string_view kHistogram = R"(# TYPE t_seconds histogram
t_seconds_bucket{le="0.1"} 1
t_seconds_bucket{le="+Inf"} 2
t_seconds_sum 0.5
t_seconds_count 2
)";
  constexpr std::string_view kSamples = R"(t_seconds_count 2
t_seconds_sum 0.5
t_seconds_bucket{le="0.1"} 1
t_seconds_bucket{le="+Inf"} 2
)";
  CHECK(Difference(kHistogram, kHistogram).empty());
  CHECK(Difference(kSamples, kHistogram).empty());
  CHECK(Difference("t_seconds_count 3", kHistogram) == R"(- t_seconds_count 3
+ t_seconds_count 2
+ t_seconds_bucket{le="0.1"} 1
+ t_seconds_bucket{le="+Inf"} 2
+ t_seconds_sum 0.5
)");
}

TEST_CASE("an expectation may be OpenMetrics, as an answer was copied") {
  CHECK(Difference("# TYPE reads counter\nreads_total 3\n"
                   "# TYPE free unknown\nfree 1\n# EOF\n",
                   "# TYPE reads_total counter\nreads_total 3\nfree 1\n")
            .empty());
  CHECK(Difference("# TYPE reads counter\nreads_total 3\n"
                   "# TYPE free unknown\nfree 1\n# EOF\n",
                   "# TYPE free gauge\nreads_total 3\nfree 1\n") ==
        "- # TYPE reads_total counter\n+ # TYPE reads_total untyped\n"
        "- # TYPE free untyped\n+ # TYPE free gauge\n");
}

TEST_CASE("what can never come is no expectation") {
  CHECK(Fault("a 1\n\nb x\n") == "parse: line 3: \"x\" is not a number");
  CHECK(Fault("a 1\na 2\n") == "duplicate: line 2: a stands there twice");
  CHECK(Fault("a{b=\"c\"} 1 1700000000000\n") ==
        "parse: a{b=\"c\"}: it has a timestamp; print it without one");
  CHECK(Fault("# TYPE a gauge\na 1\n# TYPE a counter\n") ==
        "parse: line 3: a has a second, other TYPE");
}

}  // namespace
}  // namespace command_exporter
