// The key `missing`: texts that mean "not there" make an absent field.
#include <string>

#include <catch2/catch.hpp>

#include "tests/collectors/read_output.hpp"

namespace command_exporter {
namespace {

using test::Read;

const std::string kTable =
    "format = \"table\"\nseparator = \",\"\nmissing = [\"N/A\", \"-\", "
    "\"\"]\n";
const std::string kOutput = "name,n,s\na,1,on\nb,N/A,-\n-,3,off\nd,,on\n";

TEST_CASE("a missing text gives no value, an empty label, and no match") {
  CHECK(Read(kTable + "metric = [{ name = \"m\", value = \"n\", labels = "
                      "[\"name\"] }]",
             kOutput) == "m{name=\"a\"} 1\nm{name=\"\"} 3\n");
  CHECK(Read(kTable + "metric = [{ name = \"m\", aggregate = \"count\", where "
                      "= { s = \".*\" } }]",
             kOutput) == "m 3\n");
  CHECK(Read(kTable + "metric = [{ name = \"m\", aggregate = \"sum\", value = "
                      "\"n\" }]",
             kOutput) == "m 4\n");
}

TEST_CASE("a metric replaces the missing texts of its collector") {
  const std::string metric =
      "metric = [{ name = \"m\", value = \"n\", labels = [\"name\"]";
  CHECK(Read(kTable + metric + ", missing = [\"N/A\", \"\"] }]", kOutput) ==
        "m{name=\"a\"} 1\nm{name=\"-\"} 3\n");
  CHECK(Read(kTable + metric + ", missing = [] }]", kOutput) ==
        "parse: line 3: metric \"m\": \"N/A\" in the field \"n\" is no "
        "number; if it means \"not there\", write missing = [\"N/A\"]");
}

TEST_CASE("missing compares what trim leaves") {
  CHECK(Read("format = \"csv\"\ntrim = \" []\"\nmissing = [\"n/a\"]\n"
             "metric = [{ name = \"m\", value = \"v\" }]",
             "v,w\n [n/a],1\n 5,1\n") == "m 5\n");
}

TEST_CASE("a label that is missing in all rows is empty and no mistake") {
  CHECK(Read(kTable + "metric = [{ name = \"m\", value = \"n\", labels = "
                      "[\"s\"] }]",
             "n,s\n1,-\n") == "m{s=\"\"} 1\n");
}

TEST_CASE("a metric without a sample names the text that is missing") {
  const std::string metric = kTable + "metric = [{ name = \"m\", value = \"n\"";
  CHECK(Read(metric + " }]", "n,s\nN/A,1\n") ==
        "missing: metric \"m\" got no sample: no row has the field \"n\", "
        "since missing names \"N/A\"; if that may be, set on_missing = "
        "\"skip\"");
  CHECK(Read(metric + ", on_missing = \"skip\" }]", "n,s\nN/A,1\n").empty());
  CHECK(Read(metric + ", default = 7 }]", "n,s\nN/A,1\n") == "m 7\n");
}

TEST_CASE("a word in a number's place names missing where it can be set") {
  CHECK(Read("format = \"key_value\"\nmetric = [{ name = \"m\", value = "
             "\"a\" }]",
             "a: [Not Supported]") ==
        "parse: line 1: metric \"m\": \"[Not Supported]\" in the field \"a\" "
        "is no number; if it means \"not there\", write missing = [\"[Not "
        "Supported]\"]");
  CHECK(Read("format = \"number\"\nmetric = [{ name = \"m\" }]", "N/A") ==
        "parse: line 1: metric \"m\": \"N/A\" in the field \"value\" is no "
        "number");
  CHECK(Read("format = \"key_value\"\nmetric = [{ name = \"m\", value = "
             "\"a\" }]",
             "a: x5") ==
        "parse: line 1: metric \"m\": \"x5\" in the field \"a\" is no number");
}

TEST_CASE("a number of json that is not finite fails who takes its value") {
  const std::string out =
      "{\"n\":\"a\",\"u\":-nan,\"v\":1}\n"
      "{\"n\":\"b\",\"u\":2,\"v\":1e999}\n";
  const std::string json = "format = \"json\"\nlabels = [\"n\"]\n";
  CHECK(Read(json + "metric = [{ name = \"m\", value = 1 }]", out) ==
        "m{n=\"a\"} 1\nm{n=\"b\"} 1\n");
  const std::string of_u = "metric = [{ name = \"m\", value = \"u\"";
  CHECK(Read(json + of_u + " }]", out) ==
        "parse: line 1: metric \"m\": the field \"u\" is a number that is not "
        "finite; if such an item has no value, write missing = [\"NaN\"]");
  CHECK(Read(json + of_u + ", missing = [\"NaN\"] }]", out) ==
        "m{n=\"b\"} 2\n");
  CHECK(Read(json + of_u + ", where = { n = \"b\" } }]", out) ==
        "m{n=\"b\"} 2\n");
  CHECK(Read(json + "metric = [{ name = \"m\", value = \"v\" }]", out) ==
        "parse: line 2: metric \"m\": the field \"v\" is a number that is not "
        "finite; if such an item has no value, write missing = [\"+Inf\"]");
  CHECK(Read(json + "fields = { n = \".n\", w = \".u / 2\" }\n"
                    "metric = [{ name = \"m\", value = 1 }]",
             out) == "m{n=\"a\"} 1\nm{n=\"b\"} 1\n");
  CHECK(Read("format = \"json\"", "{\"v\":1,\"u\":nan}") ==
        "parse: line 1: the value of \"u\" is \"NaN\", which is no number; "
        "list the metrics that are wanted");
  CHECK(Read(json + "metric = [{ name = \"m\", value = \"u\" }]",
             "{\"n\":\"a\",\"u\":\"NaN\"}") == "m{n=\"a\"} NaN\n");
}

TEST_CASE("each format says whether a name that no row has can come") {
  const std::string metric =
      "metric = [{ name = \"m\", aggregate = \"sum\", value = \"v\", where_not "
      "= "
      "{ typ = \"x\" }, default = 0 }]";
  const std::string failure =
      "missing: metric \"m\": no row has the field \"typ\" of its where_not; "
      "did you mean \"type\"?";
  CHECK(Read("format = \"csv\"\n" + metric, "type,v\nx,5\n") == failure);
  CHECK(Read("format = \"csv\"\n" + metric, "type,v\n") == "m 0\n");
  CHECK(Read("format = \"csv\"\nheader = false\ncolumns = [\"type\", \"v\"]\n" +
                 metric,
             "x,5\n")
            .find("typ") != std::string::npos);
  CHECK(Read("format = \"table\"\nseparator = \",\"\n" + metric,
             "type,v\nx,5\n") == failure);
  CHECK(Read("format = \"json\"\n" + metric, "{\"type\":\"x\",\"v\":5}") ==
        "m 0\n");
  CHECK(Read("format = \"key_value\"\n" + metric, "type=x\nv=5\n") == "m 0\n");
  CHECK(Read("format = \"key_value\"\n" + metric, "typ=y\nv=5\n") == "m 5\n");
}

}  // namespace
}  // namespace command_exporter
