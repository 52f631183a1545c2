// `every` and its neighbours, and what a reload counts as a change.
#include <catch2/catch.hpp>

#include "core/config/definition.hpp"
#include "core/config/files/absent_files.hpp"
#include "tests/core/config/config_files.hpp"

namespace command_exporter {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// `keys` of a collector "a" below `[exporter]`.
Config Parsed(const std::string& keys, const std::string& exporter = "") {
  const auto config = test::ParseText(
      exporter + "[[collector]]\nname = \"a\"\ncommand = [\"true\"]\n" + keys);
  REQUIRE(config.has_value());
  return *config;
}

ScheduleConfig ScheduleOf(const std::string& keys) {
  return Parsed(keys).collectors.at(0).schedule;
}

bool IsSame(const std::string& before, const std::string& after,
            const std::string& exporter = "",
            const std::string& exporter_after = "") {
  return DefinitionOf(Parsed(before, exporter).collectors.at(0)) ==
         DefinitionOf(Parsed(after, exporter_after).collectors.at(0));
}

TEST_CASE("the schedule of a collector has its documented defaults") {
  const ScheduleConfig at_scrape = ScheduleOf("");
  CHECK_FALSE(at_scrape.every.has_value());
  CHECK_FALSE(at_scrape.min_interval.has_value());
  const ScheduleConfig hourly = ScheduleOf("every = \"1h\"\n");
  CHECK(hourly.every == hours{1});
  CHECK(hourly.max_age == hours{2} + seconds{5});
  CHECK(hourly.on_failure == OnFailure::kDrop);
  const ScheduleConfig full = ScheduleOf(
      "every = \"1h\"\nmax_age = \"26h\"\non_failure = \"keep\"\n"
      "timeout = \"10m\"\n");
  CHECK(full.max_age == hours{26});
  CHECK(full.on_failure == OnFailure::kKeep);
  CHECK(ScheduleOf("min_interval = \"30s\"\n").min_interval == seconds{30});
}

TEST_CASE("a slow command warns of its timeout only at each scrape") {
  CHECK(Parsed("timeout = \"5m\"\n").warnings.size() == 1);
  CHECK(Parsed("timeout = \"5m\"\nevery = \"1h\"\n").warnings.empty());
  CHECK(Parsed("timeout = \"5m\"\nevery = \"1m\"\n")
            .warnings.at(0)
            .find("timeout is longer than every (1m)") != std::string::npos);
}

TEST_CASE("a collector is absent where the file of when is not there") {
  const auto absent = [](const std::string& file) {
    return FindAbsentCollectors(Parsed("when = { file = \"" + file + "\" }\n"));
  };
  CHECK(FindAbsentCollectors(
            Parsed("enabled = false\nwhen = { file = \"/nothing\" }\n"))
            .names.empty());
  CHECK(absent("/").names.empty());
  CHECK(absent("/etc/passwd").names.empty());
  for (const char* const path : {"/nothing/here", "/etc/passwd/below"}) {
    INFO(path);
    CHECK(absent(path).names == std::vector<std::string>{"a"});
    CHECK(absent(path).warnings.empty());
  }
  const auto unknown = absent("/" + std::string(300, 'x'));
  CHECK(unknown.names.size() == 1);
  REQUIRE(unknown.warnings.size() == 1);
  CHECK(unknown.warnings[0].find("collector \"a\": when: cannot look for") !=
        std::string::npos);
  CHECK(FindAbsentCollectors(Parsed("")).names.empty());
}

TEST_CASE("a definition does not change with its place or its words") {
  const std::string plain = "every = \"1h\"\nformat = \"number\"\n";
  const std::string metric = "metric = [{ name = \"a_value\" }]\n";
  CHECK(IsSame(plain + metric, "# a comment\n\n" + plain + metric));
  CHECK(IsSame(plain + metric,
               plain + "[[collector.metric]]\nname = \"a_value\"\n"));
  CHECK(IsSame(plain + metric, plain + "description = \"x\"\n" + metric));
  CHECK(IsSame(plain + metric, plain + metric + "timeout = \"5s\"\n"));
  CHECK(IsSame(plain + metric, plain + metric + "timeout = \"9s\"\n",
               "[exporter]\ntimeout = \"9s\"\n"));
  for (const char* const keys :
       {"map = { x = nan }", "default = nan", "value = nan",
        "labels = { b = \"x\", c = \"y\" }"}) {
    INFO(keys);
    const std::string with =
        plain + "metric = [{ name = \"a_value\", " + keys + " }]\n";
    CHECK(IsSame(with, "# again\n" + with));
  }
  CHECK(IsSame(plain + "labels = { b = \"x\", c = \"y\" }\n" + metric,
               plain + "labels = { c = \"y\", b = \"x\" }\n" + metric));
  CHECK(IsSame("matrix = { b = [1] }\n", "matrix = { b = [1, 2] }\n"));
}

TEST_CASE("a definition changes with whatever changes its runs") {
  const std::string plain = "every = \"1h\"\nformat = \"number\"\n";
  const std::string metric = "metric = [{ name = \"a_value\" }]\n";
  for (const char* const key :
       {"timeout = \"9s\"", "max_age = \"9h\"", "on_failure = \"keep\"",
        "env = { A = \"b\" }", "user = \"root\"", "nice = 3",
        "limits = { files = 9 }", "max_samples = 9", "unit = \"B\"",
        "drop_lines = \"x\"", "grace = \"9s\"", "stdin = \"x\""}) {
    INFO(key);
    CHECK_FALSE(IsSame(plain + metric, plain + key + "\n" + metric));
  }
  CHECK_FALSE(IsSame(plain + metric, plain + metric, "",
                     "[exporter]\ntimeout = \"9s\"\n"));
  CHECK_FALSE(
      IsSame(plain + metric, plain + "metric = [{ name = \"b_value\" }]\n"));
  CHECK_FALSE(IsSame(plain + "drop_lines = \"x\"\n" + metric,
                     plain + "drop_lines = \"y\"\n" + metric));
}

}  // namespace
}  // namespace command_exporter
