// The key `record`: each part of an output is read by itself.
#include "collectors/formats/record_cutter.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "tests/collectors/read_output.hpp"

namespace command_exporter {
namespace {

using test::Read;

const std::string kPorts =
    "2 ports\n\n"
    "Port: a\nspeed: 10\nname: \"x\\\"y\"\n"
    "Port: b\n"
    "Port: c\nspeed: 30\nodd\n";

const std::string kKeyValue =
    "format = \"key_value\"\nrecord = '^Port: (?P<port>\\w+)'\n"
    "labels = [\"port\"]\n";

TEST_CASE("each record of key_value is a row with the groups of its line") {
  const std::string keys = kKeyValue +
                           "metric = [{ name = \"m\", value = \"speed\" }, "
                           "{ name = \"line\", value = \"_line\" }]";
  CHECK(Read(keys, kPorts) ==
        "m{port=\"a\"} 10\nm{port=\"c\"} 30\n"
        "line{port=\"a\"} 3\nline{port=\"b\"} 6\nline{port=\"c\"} 7\n");
  const auto config = test::LoadKeys(keys);
  REQUIRE(config);
  const Outcome outcome = test::ReadWith(*config, kPorts);
  CHECK(outcome.unmatched_lines == 2U);
  CHECK(outcome.first_unmatched == "2 ports");
  CHECK(Read(keys, "Port: a\r\nspeed: 1\r\nPort: b\r\nspeed: 2") ==
        "m{port=\"a\"} 1\nm{port=\"b\"} 2\nline{port=\"a\"} "
        "1\nline{port=\"b\"} 3\n");
}

TEST_CASE("a text made by a format outlives the part that it is from") {
  CHECK(Read(kKeyValue + "metric = [{ name = \"m\", aggregate = \"count\", "
                         "labels = [\"name\"], where = { name = \".+\" } }]",
             kPorts) == "m{name=\"x\\\"y\"} 1\n");
}

TEST_CASE("a failure in a record names the line of the whole output") {
  const std::string keys =
      kKeyValue + "metric = [{ name = \"m\", value = \"speed\" }]";
  CHECK(Read(keys, "x\nPort: a\nspeed: 1\nPort: b\nspeed: fast") ==
        "parse: line 5: metric \"m\": \"fast\" in the field \"speed\" is no "
        "number; if it means \"not there\", write missing = [\"fast\"]");
  CHECK(Read("skip_lines = 1\n" + keys,
             "x\nPort: a\nspeed: 1\nPort: b\nspeed: \"\\x66\"") ==
        "parse: line 5: metric \"m\": \"f\" in the field \"speed\" is no "
        "number; if it means \"not there\", write missing = [\"f\"]");
  CHECK(Read(keys, "Port: a\nspeed: 1\nspeed: 2\n") ==
        "duplicate: line 3: metric \"m\" uses the field \"speed\", but the "
        "output has it more than once; format \"regex\" can pick one");
}

TEST_CASE("a key with the name of a group has two meanings") {
  CHECK(Read(kKeyValue + "metric = [{ name = \"m\", value = \"v\" }]",
             "Port: a\nv: 1\nport: 7\n") ==
        "duplicate: line 3: metric \"m\" uses the field \"port\", but the "
        "output has it more than once; format \"regex\" can pick one");
}

TEST_CASE("an output without a record has no rows, and says so") {
  const std::string keys =
      kKeyValue + "metric = [{ name = \"m\", value = \"speed\" }]";
  CHECK(Read(keys, "speed: 1\n") ==
        "missing: metric \"m\" got no sample: the output gave no row; record "
        "matches no line of the output");
  CHECK(Read("format = \"key_value\"\nrecord = '^Port'\n"
             "metric = [{ name = \"n\", aggregate = \"count\" }]",
             "") == "n 0\n");
}

TEST_CASE("a pattern cannot reach into the next record") {
  const std::string out =
      "head\n<gpu id=\"1\">\n<util>N/A</util>\n<temp>37</temp>\n"
      "<gpu id=\"2\">\n<util>12</util>\n<temp>61</temp>\n";
  const std::string record =
      "format = \"regex\"\nrecord = '<gpu id=\"(?P<id>\\d+)\">'\n"
      "labels = [\"id\"]\n";
  const std::string metrics =
      "metric = [{ name = \"temp\", pattern = '(?s)<gpu.*?<temp>(\\d+)<' }, "
      "{ name = \"util\", pattern = '<util>(?P<value>\\d+)<' }]\n";
  const std::string both =
      "temp{id=\"1\"} 37\ntemp{id=\"2\"} 61\nutil{id=\"2\"} 12\n";
  CHECK(Read(record + "scope = \"text\"\n" + metrics, out) == both);
  const std::string by_line =
      "metric = [{ name = \"temp\", pattern = '<temp>(\\d+)<' }, "
      "{ name = \"util\", pattern = '<util>(?P<value>\\d+)<' }]\n";
  CHECK(Read(record + by_line, out) == both);
  CHECK(Read(record + "pattern = '<temp>(?P<t>\\d+)'\n"
                      "metric = [{ name = \"m\", value = \"t\" }]",
             out) == "m{id=\"1\"} 37\nm{id=\"2\"} 61\n");
}

TEST_CASE("the line of a record is used, what stands before the first is not") {
  const std::string record =
      "format = \"regex\"\nrecord = '^#(?P<id>\\w+)'\nlabels = [\"id\"]\n"
      "pattern = '^v (\\d+)'\nmetric = [{ name = \"m\" }]\n";
  const std::string out = "v 1\n#a\nv 2\nw 3\n";
  for (const auto& [scope, unmatched] :
       {std::pair("line", 2U), std::pair("text", 1U)}) {
    auto keys = record + "scope = \"" + scope + "\"\n";
    if (unmatched == 1) {
      keys.replace(keys.find("'^v"), 3, "'(?m)^v");
    }
    const auto config = test::LoadKeys(keys);
    REQUIRE(config);
    CHECK(CountsLines(config->collectors.front().format));
    const Outcome outcome = test::ReadWith(*config, out);
    CHECK(test::SamplesOf(outcome) == "m{id=\"a\"} 2\n");
    CHECK(outcome.unmatched_lines == unmatched);
    CHECK(outcome.first_unmatched == "v 1");
  }
}

TEST_CASE("each record of a table has a header of its own") {
  const std::string keys =
      "format = \"table\"\nrecord = '^== (?P<disk>\\w+)( (?P<kind>\\w+))?'\n"
      "labels = [\"disk\", \"kind\", \"name\"]\n"
      "metric = [{ name = \"m\", value = \"size\" }]";
  CHECK(Read(keys,
             "== a fast\nname size\nx    1\ny    2\n== b\nsize name\n"
             "3    z\n== c\n") ==
        "m{disk=\"a\",kind=\"fast\",name=\"x\"} 1\n"
        "m{disk=\"a\",kind=\"fast\",name=\"y\"} 2\n"
        "m{disk=\"b\",kind=\"\",name=\"z\"} 3\n");
}

TEST_CASE("a name in doubt in one record fails the metrics that use it") {
  const auto read = [](const std::string& value) {
    return Read(
        "format = \"table\"\nrecord = '^== (?P<disk>\\w+)'\n"
        "labels = [\"disk\"]\nmetric = [{ name = \"m\", value = \"" +
            value + "\" }]",
        "== a\nNAME  SIZE  STATE  AGE\nx     1     2      3\n"
        "== b\nNAME  SIZE  STATE  AGE\nabcdefgh     55\n");
  };
  CHECK(read("STATE") == "m{disk=\"a\"} 2\nm{disk=\"b\"} 55\n");
  CHECK_THAT(read("SIZE"), Catch::Contains("parse: line 6:"));
}

TEST_CASE("matches in all records together are limited") {
  const auto config = test::LoadKeys(
      "format = \"regex\"\nrecord = '^#'\npattern = '(?P<a>)'\n"
      "metric = [{ name = \"m\", aggregate = \"count\" }]\n");
  REQUIRE(config);
  const std::string part = "#" + std::string(600'000, 'a') + "\n";
  CHECK(test::SamplesOf(test::ReadWith(*config, part)) == "m 600002\n");
  CHECK(test::SamplesOf(test::ReadWith(*config, part + part)) ==
        "sample_limit: the pattern matches more than 1000000 times; make it "
        "match less, or raise max_samples");
}

}  // namespace
}  // namespace command_exporter
