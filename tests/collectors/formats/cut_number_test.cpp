// Patterns that take a part of a number: the value fails, labels do not.
#include <string>

#include <catch2/catch.hpp>

#include "tests/collectors/read_output.hpp"

namespace command_exporter {
namespace {

// The value of the group of `pattern` in `out`.
std::string Take(const std::string& pattern, const std::string& out) {
  return test::Read("format = \"regex\"\npattern = '" + pattern +
                        "'\nmetric = [{ name = \"m\", aggregate = \"sum\" }]",
                    out);
}

std::string Cut(const std::string& text, const std::string& whole) {
  return "parse: line 1: metric \"m\": \"" + text +
         "\" in the field \"value\" is only a part of \"" + whole +
         "\": let the group match the whole number, or the pattern what stands "
         "beside it";
}

TEST_CASE("a group that takes a part of a number gives no value") {
  CHECK(Take("total ([0-9]+)", "total 1,234\n") == Cut("1", "1,234"));
  CHECK(Take("load: ([0-9.]+)", "load: 1.5e3") == Cut("1.5", "1.5e3"));
  CHECK(Take("load: ([0-9.]+)", "load: 1.5E-3 x") == Cut("1.5", "1.5E-3"));
  CHECK(Take("load: ([0-9]+)", "load: 0.98") == Cut("0", "0.98"));
  CHECK(Take("load: ([0-9])", "load: 98") == Cut("9", "98"));
  CHECK(Take("([0-9]+) total", "1,234 total") == Cut("234", "1,234"));
  CHECK(Take("([0-9]+) total", "-.5 total") == Cut("5", ".5"));
  CHECK(Take("([0-9]) total", "15 total") == Cut("5", "15"));
  CHECK(Take("([0-9]+)", "1,234") == Cut("1", "1,234"));
  CHECK(test::Read("format = \"regex\"\nscope = \"text\"\n"
                   "metric = [{ name = \"m\", pattern = 'b ([0-9]+)' }]",
                   "a\nb 1,234\n") ==
        "parse: line 2: metric \"m\": \"1\" in the field \"value\" is only a "
        "part of \"1,234\": let the group match the whole number, or the "
        "pattern what stands beside it");
  CHECK(test::Read("format = \"regex\"\nrecord = '^id'\n"
                   "metric = [{ name = \"m\", pattern = 'b ([0-9]+)' }]",
                   "id\nb 1,234\n")
            .starts_with("parse: line 2: metric \"m\": \"1\" in"));
}

TEST_CASE("what ends a number, or the pattern reads, is no part of it") {
  CHECK(Take("average: ([0-9.]+)", "average: 0.98, 0.62") == "m 0.98\n");
  CHECK(Take("total ([0-9]+)", "total 12. Done") == "m 12\n");
  CHECK(Take("total ([0-9]+)", "total 12,") == "m 12\n");
  CHECK(Take("total ([0-9]+)", "total 12 34") == "m 12\n");
  CHECK(Take("total ([0-9]+)", "total 12ef") == "m 12\n");
  CHECK(Take("total ([0-9]+)", "total 12:34") == "m 12\n");
  CHECK(Take("([0-9]+)%", "Loading...50%") == "m 50\n");
  CHECK(Take("([0-9]+)", "No.5") == "m 5\n");
  CHECK(Take("([0-9]+) b", "a,5 b") == "m 5\n");
  CHECK(Take("^([0-9]+),[0-9]+", "12,34") == "m 12\n");
  CHECK(Take(",([0-9]+)$", "12,34") == "m 34\n");
  CHECK(Take("([0-9]+)\\.", "12.34") == "m 12\n");
  CHECK(Take("([0-9]+)", "1\n2\n") == "m 3\n");
  CHECK(test::Read("format = \"regex\"\npattern = '(?P<id>[0-9]+)'\n"
                   "metric = [{ name = \"m\", value = 1, labels = [\"id\"] }]",
                   "7.2") == "m{id=\"7\"} 1\nm{id=\"2\"} 1\n");
}

}  // namespace
}  // namespace command_exporter
