#include "core/metrics/reading/exposition_parser.hpp"

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "tests/core/metrics/reprint.hpp"

namespace command_exporter {
namespace {

using std::string_view_literals::operator""sv;

TEST_CASE("the layout of the text does not matter") {
  const std::string plain = "# TYPE a untyped\na{x=\"1\",y=\"2\"} 3\n";
  for (
      const std::string_view text : {
          "a{x=\"1\",y=\"2\"} 3\n"sv,
          "a{x=\"1\",y=\"2\"} 3"sv,
          "a{x=\"1\",y=\"2\"} 3\r\n"sv,
          "a{x=\"1\",y=\"2\"} 3\r"sv,
          "\xEF\xBB\xBF"
          "a{x=\"1\",y=\"2\"} 3\n"sv,
          "  \ta{x=\"1\",y=\"2\"} 3 \t \n"sv,
          "a {\tx = \"1\" ,\ty\t=\t\"2\" , }\t3\n"sv,
          "a{x=\"1\",y=\"2\",}3\n"sv,
          "a{x=\"1\" y=\"2\"} +3\n"sv,
          "\n\n# a comment\n#no comment\n#\n# HELP\na{x=\"1\",y=\"2\"} 3.0\n"sv,
          "# UNIT a seconds\na{x=\"1\",y=\"2\"} 3e0\n"sv,
          "# TYPE a unknown\na{x=\"1\",y=\"2\"} 3\n"sv,
          "#\tTYPE  a\tUNTYPED \r\na{x=\"1\",y=\"2\"} 3\n"sv,
          "#TYPE a gauge\na{x=\"1\",y=\"2\"} 3\n"sv,
          "# \xFF is only a comment\na{x=\"1\",y=\"2\"} 3\n"sv,
          "# TYPE b gauge\n# HELP b without samples\na{x=\"1\",y=\"2\"} 3\n"sv,
      }) {
    CAPTURE(text);
    CHECK(Reprint(text) == plain);
  }
  CHECK(Reprint("").empty());
  CHECK(Reprint("# EOF").empty());
  CHECK(Reprint("a{} 1") == "# TYPE a untyped\na 1\n");
}

TEST_CASE("types and help are kept, and families may interleave") {
  CHECK(Reprint("# HELP a_total One\\nline \\\\ and \\d.\n"
                "# TYPE a_total counter\n"
                "a_total{x=\"1\"} 1\n"
                "# TYPE b Gauge\n"
                "b -Inf\n"
                "# HELP a_total One\\nline \\\\ and \\d.\n"
                "# TYPE a_total COUNTER\n"
                "a_total{x=\"2\"} 2\n"
                "# HELP b After its sample.\n"
                "c:d NaN\n") ==
        "# HELP a_total One\\nline \\\\ and \\\\d.\n"
        "# TYPE a_total counter\n"
        "a_total{x=\"1\"} 1\n"
        "a_total{x=\"2\"} 2\n"
        "# HELP b After its sample.\n"
        "# TYPE b gauge\n"
        "b -Inf\n"
        "# TYPE c:d untyped\n"
        "c:d NaN\n");
}

TEST_CASE("label values keep what they hold") {
  const std::string text =
      "# TYPE a untyped\n"
      "a{b=\"\",c=\"q\\\"b\\\\n\\n\",d=\"{},=# \xC3\xA9\",e=\"\\\\\\\\\"} 1\n";
  CHECK(Reprint(text) == text);
  const auto parsed = ParseExposition(text);
  REQUIRE(parsed);
  CHECK(parsed->families[0].metric[0].label[1].value == "q\"b\\n\n");
  CHECK(parsed->families[0].metric[0].label[3].value == "\\\\");
}

TEST_CASE("histograms and summaries are put together from their lines") {
  const std::string whole =
      "# HELP h Help.\n"
      "# TYPE h histogram\n"
      "h_bucket{p=\"x\",le=\"0.1\"} 1\n"
      "h_bucket{p=\"x\",le=\"1\"} 3\n"
      "h_bucket{p=\"x\",le=\"+Inf\"} 4\n"
      "h_sum{p=\"x\"} 5.5\n"
      "h_count{p=\"x\"} 4\n"
      "h_bucket{p=\"y\",le=\"+Inf\"} 0\n"
      "h_sum{p=\"y\"} 0\n"
      "h_count{p=\"y\"} 0\n"
      "# TYPE s summary\n"
      "s{quantile=\"0\"} -1\n"
      "s{quantile=\"0.99\"} NaN\n"
      "s_sum 7\n"
      "s_count 2\n"
      "# TYPE s_bucket untyped\n"
      "s_bucket 9\n";
  CHECK(Reprint(whole) == whole);
  CHECK(Reprint("# TYPE h histogram\n"
                "# TYPE s summary\n"
                "s_count 2\n"
                "h_count{p=\"x\",} 4.0\n"
                "h_bucket{p=\"x\",le=\"+Inf\"} 4\n"
                "s_bucket 9\n"
                "h_bucket{le=\"1.0\",p=\"x\"} 3e0\n"
                "# HELP h Help.\n"
                "h_sum{p=\"x\"} 5.5\n"
                "s{quantile=\"0.99\"} nan\n"
                "h_bucket{le=\"0.10\",p=\"x\"} 1\n"
                "s{quantile=\"0.0\"} -1\n"
                "s_sum 7\n"
                "h_sum{p=\"y\"} 0\n"
                "h_bucket{p=\"y\",le=\"inf\"} 0\n"
                "h_count{p=\"y\"} 0\n") == whole);
  CHECK(Reprint("# TYPE s summary\ns_sum 1\ns_count 1\n") ==
        "# TYPE s summary\ns_sum 1\ns_count 1\n");
}

TEST_CASE("a bad line fails the output and names its number") {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"a 1\nb 2x\n", R"(line 2: "2x" is not a number)"},
      {"a 1\n\n# c\nb", "line 4: the value is missing"},
      {"a 0x1F", R"(line 1: "0x1F" is not a number)"},
      {"a 1e999", R"(line 1: "1e999" is not a number)"},
      {"a -nan", R"(line 1: "-nan" is not a number)"},
      {"a 1,5", R"(line 1: "1,5" is not a number)"},
      {"1a 1", R"(line 1: expected a metric name at "1a 1")"},
      {"a-b 1", R"(line 1: not a legal metric name at "a-b 1")"},
      {"a.b 1", R"(line 1: not a legal metric name at "a.b 1")"},
      {"{} 1", R"(line 1: expected a metric name at "{} 1")"},
      {"a{b:c=\"1\"} 1",
       R"(line 1: expected "=" after a label name at "b:c="1"} 1")"},
      {"a{1b=\"1\"} 1",
       R"x(line 1: expected a label name or "}" at "1b="1"} 1")x"},
      {"a{,} 1", R"x(line 1: expected a label name or "}" at ",} 1")x"},
      {"a{b=\"1\",,c=\"2\"} 1",
       R"x(line 1: expected a label name or "}" at ",c="2"} 1")x"},
      {"a{b=1} 1", R"(line 1: expected a label value in quotes at "b=1} 1")"},
      {"a{b=\"1} 1",
       R"(line 1: a label value is not closed on its line at "1} 1")"},
      {"a{b=\"1\\\n\"} 1",
       R"(line 1: a label value is not closed on its line at "1\")"},
      {"a{b=\"1\"",
       R"x(line 1: expected a label name or "}" at the end of the line)x"},
      {"a{b=\"\\t\"} 1",
       R"(line 1: a label value knows only the escapes \\, \" and \n; found one at "\t")"},
      {"a{b=\"1\",b=\"1\"} 1", "line 1: the label b stands there twice"},
      {"a{__name__=\"b\"} 1",
       "line 1: the label __name__ is the metric's name itself"},
      {"a{b=\"\xFF\"} 1",
       R"(line 1: a label value is not valid UTF-8 at "\xff")"},
      {"# HELP a \xFF\n", "line 1: the HELP text is not valid UTF-8"},
      {"a{b=\"\0\"} 1"sv, "line 1: a NUL byte"},
      {"a 1 2.5",
       R"(line 1: "2.5" after the value is not a timestamp in milliseconds)"},
      {"a 1 # {x=\"1\"} 2",
       R"(line 1: "#" after the value is not a timestamp in milliseconds)"},
      {"a 1 2 3", R"(line 1: unexpected text at "3")"},
      {"# TYPE a", "line 1: the type is missing after # TYPE"},
      {"# TYPE a info",
       R"x(line 1: "info" is not a type; there are counter, gauge, histogram, summary and untyped (and more in OpenMetrics, which ends in # EOF))x"},
      {"# TYPE 1a gauge",
       R"(line 1: "1a" after # TYPE is not a legal metric name)"},
      {"# TYPE a gauge\n# TYPE a counter",
       "line 2: a has a second, other TYPE"},
      {"# HELP a x\n# HELP a y", "line 2: a has a second, other HELP"},
      {"a 1\n# TYPE a gauge",
       "line 2: the TYPE of a comes after its samples; print it before them"},
  };
  for (const auto& [text, message] : cases) {
    CAPTURE(text);
    const auto parsed = ParseExposition(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().reason == Reason::kParse);
    CHECK(parsed.error().message == message);
  }
}

TEST_CASE("an incomplete or contradictory histogram or summary fails") {
  const std::string h = "# TYPE h histogram\n";
  const std::string s = "# TYPE s summary\n";
  const std::pair<std::string, std::string_view> cases[] = {
      {h + "h 1",
       "line 2: h is a histogram; its samples are h_bucket, _sum and _count"},
      {h + "h_bucket 1", "line 2: h_bucket of a histogram needs the label le"},
      {h + "h_bucket{le=\"x\"} 1",
       R"x(line 2: "x" is not an upper bound (label le))x"},
      {h + "h_bucket{le=\"NaN\"} 1",
       R"x(line 2: "NaN" is not an upper bound (label le))x"},
      {h + "h_bucket{le=\"1\"} 1.5", "line 2: h_bucket is not a whole number"},
      {h + "h_bucket{le=\"1\"} -1", "line 2: h_bucket is not a whole number"},
      {h + "h_count NaN", "line 2: h_count is not a whole number"},
      {h + "h_bucket{le=\"+Inf\"} 1\nh_count 1\n",
       "line 2: the histogram h has no h_sum"},
      {h + "h_bucket{le=\"+Inf\"} 1\nh_sum 1\n",
       "line 2: the histogram h has no h_count"},
      {h + "h_sum{a=\"b\"} 1\nh_count{a=\"b\"} 1\n",
       "line 2: the histogram h{a=\"b\"} has no bucket le=\"+Inf\""},
      {h + "h_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1",
       "line 3: the bucket le=\"+Inf\" of h is smaller than the one below"},
      {h + "h_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 2",
       "line 2: the bucket le=\"+Inf\" of h is 1, but h_count is 2"},
      {s + "s 1", "line 2: s of a summary needs the label quantile"},
      {s + "s{quantile=\"1.5\"} 1",
       R"(line 2: "1.5" is not a quantile from 0 to 1)"},
      {s + "s{quantile=\"0.5\"} 1", "line 2: the summary s has no s_sum"},
      {s + "s_sum 1", "line 2: the summary s has no s_count"},
      {"h_sum 1\n" + h,
       "line 2: the histogram h would own h_sum, which stands above as a "
       "metric of its own"},
      {h + "# TYPE h_count gauge\n",
       "line 2: h_count is already part of the histogram h"},
      {"# TYPE s_count gauge\n" + s,
       "line 2: the summary s would own s_count, which stands above as a "
       "metric of its own"},
  };
  for (const auto& [text, message] : cases) {
    CAPTURE(text);
    const auto parsed = ParseExposition(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().reason == Reason::kParse);
    CHECK(parsed.error().message == message);
  }
}

TEST_CASE("a series that stands there twice fails as a duplicate") {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"a 1\nb 1\na 2", "line 3: a stands there twice"},
      {"a{x=\"1\",y=\"2\"} 1\na{y=\"2\",x=\"1\"} 1",
       R"(line 2: a{y="2",x="1"} stands there twice)"},
      {"a 1\na{l=\"\"} 1", R"(line 2: a{l=""} stands there twice)"},
      {"a 1 5\na 1 6", "line 2: a stands there twice"},
      {"# TYPE s summary\ns_sum 1\ns_sum 1",
       "line 3: s_sum stands there twice"},
      {"# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"1.0\"} 1",
       "line 3: h has the bucket 1 twice"},
      {"# TYPE s summary\ns{quantile=\"0.50\"} 1\ns{quantile=\"0.5\"} 1",
       "line 3: s has the quantile 0.5 twice"},
  };
  for (const auto& [text, message] : cases) {
    CAPTURE(text);
    const auto parsed = ParseExposition(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().reason == Reason::kDuplicate);
    CHECK(parsed.error().message == message);
  }
}

// Series are looked up some lines late, and therefore in a table that has
// grown.
TEST_CASE(
    "of all faults the first line's is reported, however far apart they are") {
  constexpr int kLines = 400;
  const auto lines = [](int count) {
    std::string text;
    for (int i = 1; i <= count; ++i) {
      text += "a{n=\"" + std::to_string(i) + "\"} 1\n";
    }
    return text;
  };
  for (const int distance : {0, 1, 14, 15, 16, 17, 40, kLines - 1}) {
    CAPTURE(distance);
    const std::string again =
        "a{n=\"" + std::to_string(kLines - distance) + "\"} 2\n";
    const std::string expected = "line 401: a{n=\"" +
                                 std::to_string(kLines - distance) +
                                 "\"} stands there twice";
    for (const std::string after : {"", "b", "a 1\na 1\n!\n"}) {
      CAPTURE(after);
      const auto parsed = ParseExposition(lines(kLines) + again + after);
      REQUIRE_FALSE(parsed);
      CHECK(parsed.error().reason == Reason::kDuplicate);
      CHECK(parsed.error().message == expected);
    }
  }
  const auto twice = ParseExposition(lines(kLines) + lines(kLines));
  REQUIRE_FALSE(twice);
  CHECK(twice.error().message == "line 401: a{n=\"1\"} stands there twice");
  const auto long_too = ParseExposition(lines(3) + lines(1) + "b 1\n", 4);
  REQUIRE_FALSE(long_too);
  CHECK(long_too.error().message == "line 4: a{n=\"1\"} stands there twice");
  const auto good = ParseExposition(lines(kLines));
  REQUIRE(good);
  CHECK(good->families.front().metric.size() == kLines);
}

TEST_CASE("samples with a timestamp are dropped and counted") {
  const auto parsed = ParseExposition(
      "a{x=\"1\"} 1 1395066363000\na{x=\"2\"} 2\na{x=\"3\"} 3 -5\n"
      "# TYPE s summary\ns_sum 1 7\ns_count 1\n"
      "b 1 0\n");
  REQUIRE(parsed);
  std::string out;
  TextWriter::Append(parsed->families, out);
  CHECK(out == "# TYPE a untyped\na{x=\"2\"} 2\n");
  const auto index = static_cast<std::size_t>(DropReason::kTimestamp);
  CHECK(parsed->drops.counts[index] == 5);
  CHECK(parsed->drops.total() == 5);
  CHECK(parsed->drops.first[index] ==
        "a{x=\"1\"}: it has a timestamp; print it without one");
}

TEST_CASE("reserved names are the registry's business") {
  CHECK(Reprint("up 1\nscrape_x 1\n__a 1\n") ==
        "# TYPE up untyped\nup 1\n# TYPE scrape_x untyped\nscrape_x 1\n"
        "# TYPE __a untyped\n__a 1\n");
}

}  // namespace
}  // namespace command_exporter
