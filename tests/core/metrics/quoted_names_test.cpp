#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/names.hpp"
#include "core/metrics/name_scheme.hpp"
#include "core/metrics/reading/exposition_parser.hpp"
#include "core/metrics/scrape_registry.hpp"
#include "core/metrics/writing/openmetrics_writer.hpp"
#include "core/metrics/writing/text_writer.hpp"
#include "tests/core/metrics/oracles.hpp"
#include "tests/core/metrics/parsed.hpp"
#include "tests/core/metrics/reprint.hpp"

namespace command_exporter {
namespace {

std::string Text(const MetricFamilies& families, NameScheme scheme) {
  std::string out;
  TextWriter::Append(families, out, scheme);
  return out;
}

std::string Open(const MetricFamilies& families, NameScheme scheme) {
  std::string out;
  OpenMetricsWriter::Append(families, out, scheme);
  return out;
}

TEST_CASE("each character that is not legal where it stands becomes one _") {
  const std::pair<std::string, std::string> names[] = {
      {"plain_1", "plain_1"},
      {"a:b", "a:b"},
      {"disk.free", "disk_free"},
      {"metric.name/with/slashes", "metric_name_with_slashes"},
      {"1st", "_st"},
      {"a1.1", "a1_1"},
      {"gr\xC3\xB6\xC3\x9F"
       "e",
       "gr__e"},
      {"\xF0\x9F\x92\xA9", "_"},
      {"a\n\"\\", "a___"},
      {"up ", "up_"},
      {"a\xFF\xC3", "a__"},
      {"", ""},
  };
  for (const auto& [name, underscored] : names) {
    CHECK(UnderscoredMetricName(name) == underscored);
  }
  CHECK(UnderscoredLabelName("a:b") == "a_b");
  CHECK(UnderscoredLabelName("l.\xC3\xA9:1") == "l___1");
}

TEST_CASE("names in quotes are read and written as they are") {
  const std::string text =
      "# HELP \"a.b c:\\\"d\\\"\" In quotes.\n"
      "# TYPE \"a.b c:\\\"d\\\"\" gauge\n"
      "{\"a.b c:\\\"d\\\"\",\"l.\xC3\xA9:1\"=\"v.\\n\",m=\"2\"} 1\n"
      "# TYPE \"1a\" untyped\n{\"1a\"} 2\n"
      "# TYPE \"back\\\\slash\\n\" untyped\n{\"back\\\\slash\\n\"} 3\n"
      "# TYPE a_b untyped\na_b 4\n"
      "# TYPE \"a.b\" untyped\n{\"a.b\",\"x.y\"=\"\"} 5\n{\"a.b\",x_y=\"1\"} "
      "6\n";
  CHECK(Reprint(text) == text);
  CHECK(Parsed(text)[2].name == "back\\slash\n");
  CHECK(Reprint("# TYPE \"plain\" gauge\n{ m=\"1\" , \"plain\" , } 3\n"
                "{\"plain\"} 4\nplain{\"m\"=\"2\"}5\n") ==
        "# TYPE plain gauge\nplain{m=\"1\"} 3\nplain 4\nplain{m=\"2\"} 5\n");
}

TEST_CASE("a name in quotes that stands where it may not fails the output") {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"{\"\"} 1", "a name in quotes is empty"},
      {"a{\"\"=\"x\"} 1", "a name in quotes is empty"},
      {"# TYPE \"\" gauge", "a name in quotes is empty"},
      {"{\"a", R"(a name in quotes is not closed on its line at "a")"},
      {"# HELP \"a b",
       R"(a name in quotes is not closed on its line at "a b")"},
      {"# TYPE \"a.b\"gauge",
       R"(expected a blank after a name in quotes at "gauge")"},
      {"# TYPE \"a.b\"", "the type is missing after # TYPE"},
      {"{\"a\xFF\"} 1", R"(a name in quotes is not valid UTF-8 at "a\xff")"},
      {"{\"a\\t\"} 1",
       R"(a name in quotes knows only the escapes \\, \" and \n; found one at "\t")"},
      {"{\"a\",\"b.c\"} 1",
       R"x(the metric has the name a already; expected a label at ""b.c"} 1")x"},
      {"{\"a.b\",\"c\"} 1",
       R"x(the metric has the name "a.b" already; expected a label at ""c"} 1")x"},
      {"a{\"a\"} 1",
       R"x(the metric has the name a already; expected a label at ""a"} 1")x"},
      {"{\"a.b\" c=\"1\"} 1",
       R"x(expected "=", "," or "}" after a name in quotes at ""a.b" c="1"} 1")x"},
      {"{\"a.b\"\"c\"=\"1\"} 1",
       R"x(expected "=", "," or "}" after a name in quotes at ""a.b""c"="1"} 1")x"},
      {"{\"a.b\"",
       R"x(expected "=", "," or "}" after a name in quotes at ""a.b"")x"},
      {"{m=\"1\"} 1", R"(expected a metric name at "{m="1"} 1")"},
      {"\"a.b\" 1", R"(expected a metric name at ""a.b" 1")"},
      {"a{\"b.c\"=\"1\",\"b.c\"=\"2\"} 1",
       R"(the label "b.c" stands there twice)"},
      {"a{\"__name__\"=\"b\"} 1",
       "the label __name__ is the metric's name itself"},
      {"# TYPE \"a\\nb\" gauge\n# TYPE \"a\\nb\" counter",
       R"("a\x0ab" has a second, other TYPE)"},
      {"# TYPE \"h.x\" histogram\n{\"h.x\"} 1",
       R"("h.x" is a histogram; its samples are "h.x_bucket", _sum and _count)"},
      {"# TYPE \"h.x\" histogram\n{\"h.x_bucket\",le=\"+Inf\"} 1\n"
       "{\"h.x_sum\"} 1\n",
       R"(the histogram {"h.x"} has no "h.x_count")"},
      {"# TYPE \"c.x\" counter\n{\"c.x\"} 1\n# EOF",
       R"("c.x" is of the type counter; its samples are "c.x_total")"},
      {"# UNIT \"c.seconds\" seconds\n# EOF",
       R"(the name "c.seconds" does not end in its unit, _seconds)"},
  };
  for (const auto& [text, message] : cases) {
    CAPTURE(text);
    const auto parsed = ParseExposition(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().reason == Reason::kParse);
    const std::string& found = parsed.error().message;
    CHECK(found.substr(found.find(": ") + 2) == message);
  }
  CHECK(Reprint("{\"a.b\",\"c.d\"=\"x\"} 1\n{\"c.d\"=\"x\",\"a.b\"} 2\n") ==
        R"(failed: line 2: {"a.b","c.d"="x"} stands there twice)");
}

constexpr std::string_view kEveryType =
    "# HELP \"d.f\" Free \"bytes\" \\\\.\n# TYPE \"d.f\" gauge\n"
    "{\"d.f\",mount=\"/\",\"fs.type\"=\"x\"} 1\n{\"d.f\"} 2\n"
    "{\"d.f\",\"fs.type\"=\"y\"} 3\n"
    "# TYPE \"h.x_seconds\" histogram\n"
    "{\"h.x_seconds_bucket\",le=\"1\"} 1\n"
    "{\"h.x_seconds_bucket\",le=\"+Inf\"} 2\n"
    "{\"h.x_seconds_sum\"} 3\n{\"h.x_seconds_count\"} 2\n"
    "# TYPE \"j.x_total\" counter\n{\"j.x_total\"} 4\n"
    "# TYPE \"k.total\" counter\n{\"k.total\"} 5\n"
    "# TYPE legal untyped\nlegal{\"a.b\"=\"1\"} 6\n"
    "# TYPE \"s.seconds\" "
    "summary\n{\"s.seconds\",\"p.q\"=\"1\",quantile=\"0.5\"} 7\n"
    "{\"s.seconds_sum\",\"p.q\"=\"1\"} 8\n"
    "{\"s.seconds_count\",\"p.q\"=\"1\"} 9\n";

TEST_CASE("the text format has names in quotes for who takes them") {
  ScrapeRegistry registry;
  CHECK(registry.Add(Parsed(kEveryType)).total() == 0);
  const MetricFamilies families = registry.Take();
  CHECK(Text(families, NameScheme::kAllowUtf8) == kEveryType);
  const std::string plain = Text(families, NameScheme::kUnderscores);
  CHECK(
      plain.starts_with("# HELP d_f Free \"bytes\" \\\\.\n# TYPE d_f gauge\n"
                        "d_f{mount=\"/\",fs_type=\"x\"} 1\nd_f 2\n"
                        "d_f{fs_type=\"y\"} 3\n"
                        "# TYPE h_x_seconds histogram\n"
                        "h_x_seconds_bucket{le=\"1\"} 1\n"));
  CHECK(CheckWithPython(PythonParser::kText, {plain})[0] == "ok");
  CHECK(Text(Parsed(kEveryType), NameScheme::kUnderscores) == plain);
  std::string by_default;
  TextWriter::Append(families, by_default);
  CHECK(by_default == plain);
}

TEST_CASE("OpenMetrics has names in quotes for who takes them") {
  ScrapeRegistry registry;
  CHECK(registry.Add(Parsed(kEveryType)).total() == 0);
  const MetricFamilies families = registry.Take();
  const std::string quoted = Open(families, NameScheme::kAllowUtf8);
  CHECK(quoted ==
        "# TYPE \"d.f\" gauge\n# HELP \"d.f\" Free \\\"bytes\\\" \\\\.\n"
        "{\"d.f\",mount=\"/\",\"fs.type\"=\"x\"} 1\n{\"d.f\"} 2\n"
        "{\"d.f\",\"fs.type\"=\"y\"} 3\n"
        "# TYPE \"h.x_seconds\" histogram\n# UNIT \"h.x_seconds\" seconds\n"
        "{\"h.x_seconds_bucket\",le=\"1.0\"} 1\n"
        "{\"h.x_seconds_bucket\",le=\"+Inf\"} 2\n"
        "{\"h.x_seconds_sum\"} 3\n{\"h.x_seconds_count\"} 2\n"
        "# TYPE \"j.x\" counter\n{\"j.x_total\"} 4\n"
        // OpenMetrics has no such suffix.
        "# TYPE \"k.total\" unknown\n{\"k.total\"} 5\n"
        "# TYPE legal unknown\nlegal{\"a.b\"=\"1\"} 6\n"
        "# TYPE \"s.seconds\" summary\n"
        "{\"s.seconds\",\"p.q\"=\"1\",quantile=\"0.5\"} 7\n"
        "{\"s.seconds_sum\",\"p.q\"=\"1\"} 8\n"
        "{\"s.seconds_count\",\"p.q\"=\"1\"} 9\n"
        "# EOF\n");
  const std::string plain = Open(families, NameScheme::kUnderscores);
  CHECK(CheckWithPython(PythonParser::kOpenMetrics, {plain})[0] == "ok");
  CHECK(plain.find("# TYPE j_x counter\nj_x_total 4\n"
                   "# TYPE k_total unknown\nk_total 5\n") != std::string::npos);
  CHECK(plain.find("s_seconds{p_q=\"1\",quantile=\"0.5\"} 7\n") !=
        std::string::npos);
  CHECK(Open(Parsed(quoted), NameScheme::kUnderscores) == plain);
}

TEST_CASE("a type that clashes without quotes is unknown with them, too") {
  ScrapeRegistry registry;
  CHECK(registry
            .Add(Parsed("# TYPE \"a.b_total\" counter\n{\"a.b_total\"} 1\n"
                        "# TYPE a_b gauge\na_b 1\n"
                        "# TYPE \"s.x\" summary\n{\"s.x_sum\"} 1\n"
                        "{\"s.x_count\"} 1\n"
                        "# TYPE \"s/x_created\" gauge\n{\"s/x_created\"} 1\n"))
            .total() == 0);
  const MetricFamilies families = registry.Take();
  CHECK(Open(families, NameScheme::kAllowUtf8) ==
        "# TYPE \"a.b_total\" unknown\n{\"a.b_total\"} 1\n"
        "# TYPE a_b gauge\na_b 1\n"
        "# TYPE \"s.x_sum\" unknown\n{\"s.x_sum\"} 1\n"
        "# TYPE \"s.x_count\" unknown\n{\"s.x_count\"} 1\n"
        "# TYPE \"s/x_created\" gauge\n{\"s/x_created\"} 1\n# EOF\n");
  const std::string plain = Open(families, NameScheme::kUnderscores);
  CHECK(CheckWithPython(PythonParser::kOpenMetrics, {plain})[0] == "ok");
}

}  // namespace
}  // namespace command_exporter
