// OpenMetrics from the output of commands. tests/fixtures/exposition has two
// folders. In `agreed`, each file is a group of texts, separated by lines of
// `%%%`, on which the strict Python parser agrees with ours. In `leniency`,
// each text is a section of docs/exposition-leniency.md, on which it does not.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/metrics/reading/exposition_parser.hpp"
#include "core/metrics/writing/text_writer.hpp"
#include "tests/core/metrics/oracles.hpp"
#include "tests/core/metrics/reprint.hpp"
#include "tests/support/paths.hpp"

namespace command_exporter {
namespace {

namespace fs = std::filesystem;

fs::path Source() {
  return test::kSourceFolder;
}

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> FilesOf(const fs::path& folder) {
  std::vector<fs::path> files(fs::directory_iterator(folder), {});
  std::sort(files.begin(), files.end());
  return files;
}

PythonParser ParserOf(const fs::path& path) {
  return path.extension() == ".om" ? PythonParser::kOpenMetrics
                                   : PythonParser::kText;
}

std::vector<std::string> Split(const std::string& text) {
  constexpr std::string_view kBetween = "%%%\n";
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(kBetween, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + kBetween.size();
  }
  return parts;
}

TEST_CASE("OpenMetrics types become the nearest of the model") {
  CHECK(Reprint("# TYPE jobs counter\n"
                "# HELP jobs All \\\"jobs\\\".\n"
                "jobs_total{q=\"a\"} 1 # {trace=\"x\\\"y\"} 0.5 1.5\n"
                "jobs_created{q=\"a\"} 1.5e9\n"
                "# TYPE build info\n"
                "build_info{version=\"1\"} 1\n"
                "# TYPE mode stateset\n"
                "mode{mode=\"on\"} 1\n"
                "mode{mode=\"off\"} 0\n"
                "# TYPE took_seconds histogram\n"
                "# UNIT took_seconds seconds\n"
                "took_seconds_bucket{le=\"1.0\"} 1 # {} 0.1\n"
                "took_seconds_bucket{le=\"+Inf\"} 2\n"
                "took_seconds_count 2\n"
                "took_seconds_sum 3.5\n"
                "took_seconds_created 5\n"
                "# TYPE size gaugehistogram\n"
                "size_bucket{d=\"x\",le=\"1.0\"} 1\n"
                "size_bucket{d=\"x\",le=\"+Inf\"} 2\n"
                "size_gcount{d=\"x\"} 2\n"
                "size_gsum{d=\"x\"} 3.5\n"
                "# TYPE wait summary\n"
                "wait{quantile=\"0.5\"} 1\n"
                "wait_sum 2\n"
                "wait_count 3\n"
                "# TYPE odd unknown\n"
                "odd -1\n"
                "# EOF\n") ==
        "# HELP jobs_total All \"jobs\".\n"
        "# TYPE jobs_total counter\n"
        "jobs_total{q=\"a\"} 1\n"
        "# TYPE build_info gauge\n"
        "build_info{version=\"1\"} 1\n"
        "# TYPE mode gauge\n"
        "mode{mode=\"on\"} 1\n"
        "mode{mode=\"off\"} 0\n"
        "# TYPE took_seconds histogram\n"
        "took_seconds_bucket{le=\"1\"} 1\n"
        "took_seconds_bucket{le=\"+Inf\"} 2\n"
        "took_seconds_sum 3.5\n"
        "took_seconds_count 2\n"
        "# TYPE size_bucket gauge\n"
        "size_bucket{d=\"x\",le=\"1.0\"} 1\n"
        "size_bucket{d=\"x\",le=\"+Inf\"} 2\n"
        "# TYPE size_gsum gauge\n"
        "size_gsum{d=\"x\"} 3.5\n"
        "# TYPE size_gcount gauge\n"
        "size_gcount{d=\"x\"} 2\n"
        "# TYPE wait summary\n"
        "wait{quantile=\"0.5\"} 1\n"
        "wait_sum 2\n"
        "wait_count 3\n"
        "# TYPE odd untyped\n"
        "odd -1\n");
}

TEST_CASE("what the model cannot carry is counted") {
  const auto parsed = ParseExposition(
      "# TYPE jobs counter\n"
      "jobs_total 1 # {a=\"b\"} 1\n"
      "jobs_created 1\n"
      "# TYPE h histogram\n"
      "h_bucket{le=\"+Inf\"} 1\n"
      "# TYPE s summary\n"
      "s_count 1\n"
      "# TYPE g gauge\n"
      "g{x=\"1\"} 1 1395066363.5\n"
      "g{x=\"2\"} 2\n"
      "# EOF");
  REQUIRE(parsed);
  std::string out;
  TextWriter::Append(parsed->families, out);
  CHECK(out ==
        "# TYPE jobs_total counter\njobs_total 1\n"
        "# TYPE g gauge\ng{x=\"2\"} 2\n");
  const auto unsupported = static_cast<std::size_t>(DropReason::kUnsupported);
  const auto timestamp = static_cast<std::size_t>(DropReason::kTimestamp);
  CHECK(parsed->drops.counts[unsupported] == 4);
  CHECK(parsed->drops.counts[timestamp] == 1);
  CHECK(parsed->drops.total() == 5);
  CHECK(parsed->drops.first[unsupported] ==
        "jobs_total: an exemplar has no place in a sample");
}

TEST_CASE("# EOF at the end, blanks aside, makes it OpenMetrics") {
  const std::string body = "# TYPE jobs counter\njobs_total 1\n";
  const std::string as_text = "# TYPE jobs_total untyped\njobs_total 1\n";
  const std::string as_open = "# TYPE jobs_total counter\njobs_total 1\n";
  for (const std::string end :
       {"# EOF", "# EOF\n", "# EOF\r\n", "  # EOF \n\n"}) {
    CHECK(Reprint(body + end) == as_open);
  }
  for (const std::string end : {"", "#EOF\n", "# EOF more\n", "# x # EOF\n"}) {
    CHECK(Reprint(body + end) == as_text);
  }
  CHECK(Reprint(body + "# EOF\n# a comment\n") == as_text);
  for (const std::string more : {"more 1\n", "no sample\n", "# EOF\n"}) {
    CHECK(Reprint(body + "# EOF\n" + more) ==
          "failed: line 4: text after # EOF, which ends the output");
  }
}

TEST_CASE("OpenMetrics that is wrong fails with its line") {
  const std::pair<std::string, std::string_view> cases[] = {
      {"# TYPE a counter\na 1\n",
       "line 2: a is of the type counter; its samples are a_total"},
      {"# TYPE a counter\na_total -1\n",
       "line 2: the counter a is below zero or not a number"},
      {"# TYPE a_total counter\na_total 1\na_total_total 1\n",
       "line 3: the samples of a_total are called a_total above, and "
       "a_total_total here"},
      {"# TYPE a info\na 1\n",
       "line 2: a is of the type info; its samples are a_info"},
      {"# TYPE a info\na_info 2\n", "line 2: the info a is not 1"},
      {"# TYPE a stateset\na{b=\"c\"} 1\n",
       "line 2: a sample of the stateset a needs the label a"},
      {"# TYPE a stateset\na{a=\"c\"} 2\n",
       "line 2: a sample of the stateset a is 0 or 1 and nothing else"},
      {"# UNIT a seconds\n",
       "line 1: the name a does not end in its unit, "
       "_seconds"},
      {"# UNIT a_s s\n# UNIT a_s s\n", "line 2: a_s has a second UNIT"},
      {"# TYPE a_s info\n# UNIT a_s s\n",
       "line 2: the info a_s may not have a unit"},
      {"# TYPE a gauge\na 1 # {} 1\n",
       "line 2: only counters and buckets may have an exemplar"},
      {"a_total 1 # {a=\"b\"}\n",
       "line 1: \"\" is not the number of an "
       "exemplar"},
      {"a 1 # x\n", "line 1: expected the labels of an exemplar at \"x\""},
      {"a 1 NaN\n",
       "line 1: \"NaN\" after the value is not a timestamp in seconds"},
      {"# TYPE a gaugehistogram\na 1\n",
       "line 2: a is a gaugehistogram; its samples are a_bucket, _gsum and "
       "_gcount"},
      {"# TYPE a histogram\na_sum NaN\n",
       "line 2: a_sum is below zero or not a number, which OpenMetrics does "
       "not allow"},
      {"# TYPE a summary\na{quantile=\"1\"} -1\n",
       "line 2: the quantile 1 of a is below zero, which OpenMetrics does not "
       "allow"},
      {"# TYPE a histogram\na_bucket{le=\"-1\"} 0\na_bucket{le=\"+Inf\"} 1\n"
       "a_sum 1\na_count 1\n",
       "line 2: a_sum of a histogram with a bucket below zero is not allowed "
       "in OpenMetrics"},
      {"# TYPE a gaugehistogram\na_bucket{le=\"+Inf\"} 1\na_gsum -1\n"
       "a_gcount 1\n",
       "line 2: a_gsum is below zero, but no bucket is"},
  };
  for (const auto& [text, message] : cases) {
    CAPTURE(text);
    CHECK(Reprint(text + "# EOF\n") == "failed: " + std::string(message));
  }
  CHECK(Reprint("# TYPE a info\n") ==
        "failed: line 1: \"info\" is not a type; there are counter, gauge, "
        "histogram, summary and untyped (and more in OpenMetrics, which ends "
        "in # EOF)");
}

TEST_CASE("the verdicts are those of the strict Python parser") {
  std::size_t texts_in_all = 0;
  for (const fs::path& path :
       FilesOf(Source() / "tests/fixtures/exposition/agreed")) {
    const std::vector<std::string> texts = Split(ReadFile(path));
    const auto verdicts = CheckWithPython(ParserOf(path), texts);
    const bool good = path.stem().string().starts_with("good");
    for (std::size_t i = 0; i < texts.size(); ++i) {
      CAPTURE(path.string(), texts[i], verdicts[i], Reprint(texts[i]));
      CHECK((verdicts[i] == "ok") == good);
      CHECK(ParseExposition(texts[i]).has_value() == good);
    }
    texts_in_all += texts.size();
  }
  CHECK(texts_in_all > 90);
}

TEST_CASE("docs/exposition-leniency.md has each disagreement, and no other") {
  std::set<std::string> sections;
  std::istringstream page(ReadFile(Source() / "docs/exposition-leniency.md"));
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("### `")) {
      sections.insert(line.substr(5, line.size() - 6));
    }
  }
  std::set<std::string> cases;
  for (const fs::path& path :
       FilesOf(Source() / "tests/fixtures/exposition/leniency")) {
    cases.insert(path.filename().string());
    const std::string text = ReadFile(path);
    const std::string verdict = CheckWithPython(ParserOf(path), {text})[0];
    const bool ours = ParseExposition(text).has_value();
    CAPTURE(path.string(), verdict, Reprint(text));
    CHECK(ours != (verdict == "ok"));
    CHECK(ours == path.stem().string().starts_with("accepted"));
  }
  CHECK(sections == cases);
}

}  // namespace
}  // namespace command_exporter
