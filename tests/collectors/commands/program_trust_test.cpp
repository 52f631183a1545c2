#include "collectors/commands/program_trust.hpp"

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "collectors/commands/search_path_trust.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

using Lines = std::vector<std::string>;

// Two folders of PATH in a folder of /tmp; only the second has the program.
class Programs {
 public:
  Programs() {
    std::string name = "/tmp/program_trust_XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    top_ = name;
    for (const char* folder : {"/first", "/second"}) {
      REQUIRE(::mkdir((top_ + folder).c_str(), 0755) == 0);
    }
    Write("/second/program", 0755);
  }

  ~Programs() { std::filesystem::remove_all(top_); }

  Programs(const Programs&) = delete;
  Programs& operator=(const Programs&) = delete;

  std::string operator/(const std::string& name) const {
    return top_ + "/" + name;
  }

  void Write(const std::string& name, mode_t mode) const {
    std::ofstream(top_ + name) << "#!/bin/sh\n";
    REQUIRE(::chmod((top_ + name).c_str(), mode) == 0);
  }

  TableContext Context() const {
    return {.default_user = "nobody",
            .environment = {"PATH=" + top_ + "/first:" + top_ + "/second"}};
  }

  // The findings for these collectors.
  Lines Inspect(const std::vector<CollectorConfig>& collectors) const {
    Config config;
    config.collectors = collectors;
    const auto table = BuildCommandTable(config, Context(), 1);
    REQUIRE(table);
    const ProgramReport report = InspectPrograms(config, Context(), *table);
    CHECK(report.unanswered.empty());
    return report.findings;
  }

 private:
  std::string top_;
};

CollectorConfig Collector(const char* name, std::uint32_t line) {
  CollectorConfig collector;
  collector.position = {"conf.toml", line, 1};
  collector.name = name;
  collector.command = {"program"};
  collector.run.pass_env = {"PATH"};  // root's commands would not get it
  return collector;
}

TEST_CASE("a program that others may change is reported with its collector") {
  NEEDS(root);
  const Programs programs;
  CHECK(programs.Inspect({Collector("a", 1), Collector("b", 5)}).empty());
  const std::string program = programs / "second/program";
  REQUIRE(::chmod(program.c_str(), 0775) == 0);
  const std::string fault =
      program + " is writable by its group (mode 0775), who so decide what ";
  const std::string mend = " runs: chmod go-w " + program;
  CHECK(
      programs.Inspect({Collector("a", 1), Collector("b", 5)}) ==
      Lines{"conf.toml:1:1: collector \"a\": " + fault + "user nobody" + mend});
  CollectorConfig root = Collector("r", 9);
  root.run.user = "root";
  const Lines both = programs.Inspect({Collector("a", 1), root});
  REQUIRE(both.size() == 2);
  CHECK(
      both[1].starts_with("conf.toml:9:1: collector \"r\": " + fault + "root"));
  // The user who runs it may own it; for root it is then unsafe.
  REQUIRE(::chmod(program.c_str(), 0755) == 0);
  REQUIRE(::chown(program.c_str(), 65534, 0) == 0);
  CHECK(programs.Inspect({Collector("a", 1)}).empty());
  CHECK(programs.Inspect({root}).size() == 1);
  CollectorConfig script = Collector("s", 3);
  script.command.clear();
  script.shell = "echo";
  script.run.interpreter = {"program"};
  script.run.user = "root";
  CHECK(programs.Inspect({script}).size() == 1);
}

TEST_CASE("the program that execve would take is the one that counts") {
  NEEDS(root);
  const Programs programs;
  REQUIRE(::chmod((programs / "first").c_str(), 0777) == 0);
  CHECK(programs.Inspect({Collector("a", 1)}).empty());
  programs.Write("/first/program", 0755);
  CHECK(programs.Inspect({Collector("a", 1)}).size() == 1);
  REQUIRE(::chmod((programs / "first").c_str(), 0755) == 0);
  REQUIRE(::chmod((programs / "first/program").c_str(), 0644) == 0);
  REQUIRE(::chmod((programs / "second").c_str(), 0777) == 0);
  CHECK(programs.Inspect({Collector("a", 1)}).size() == 1);
  CollectorConfig absent = Collector("a", 1);
  absent.command = {programs / "second/none"};
  CHECK(programs.Inspect({absent}).empty());
}

TEST_CASE(
    "who can change root's PATH is reported, and others' PATH is ignored") {
  NEEDS(root);
  const Programs programs;
  CollectorConfig root = Collector("r", 9);
  root.run.user = "root";
  CHECK(programs.Inspect({root}).empty());
  const std::string first = programs / "first";
  const std::string at =
      "conf.toml:9:1: collector \"r\": PATH: " + first + ": " + first;
  for (const mode_t mode : {0777U, 01777U, 0775U}) {
    REQUIRE(::chmod(first.c_str(), mode) == 0);
    const Lines lines = programs.Inspect({root});
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].starts_with(at + " is writable by "));
  }
  CHECK(programs.Inspect({Collector("a", 1)}).empty());
  REQUIRE(::chmod(first.c_str(), 0755) == 0);
  REQUIRE(::chown(first.c_str(), 65534, 0) == 0);
  CHECK(programs.Inspect({root}) ==
        Lines{at + " belongs to uid 65534 (nobody), who so decides what root "
                   "runs: leave the folder out, as with env = { PATH = "
                   "\"/usr/sbin:/usr/bin:/sbin:/bin\" }"});
  // Its owner may create it at any time.
  root.run.env = {{"PATH", first + "/none:" + (programs / "second")}};
  CHECK(programs.Inspect({root}).size() == 1);
  root.run.env.clear();
  root.run.pass_env.clear();
  root.command = {"/bin/true"};
  CHECK(programs.Inspect({root}).empty());
}

TEST_CASE(
    "a relative folder of PATH is a finding, and one that is a file none") {
  for (const char* const path : {"", "bin", "/bin:", ":/bin", "/bin::/sbin"}) {
    const PathReport report = InspectSearchPath(path);
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].find("is relative to the working directory") !=
          std::string::npos);
  }
  CHECK(InspectSearchPath("/dev/null").findings.empty());
  CHECK(InspectSearchPath("/usr/bin:/bin:/none").findings.empty());
}

TEST_CASE("what Debian's group staff may write is a warning in PATH") {
  NEEDS(root);
  const Programs programs;
  const std::string first = programs / "first";
  const group* const staff = ::getgrnam("staff");
  REQUIRE(staff != nullptr);
  REQUIRE(::chown(first.c_str(), 0, staff->gr_gid) == 0);
  REQUIRE(::chmod(first.c_str(), 02775) == 0);
  const PathReport report = InspectSearchPath(first);
  CHECK(report.findings.empty());
  REQUIRE(report.warnings.size() == 1);
  CHECK(
      report.warnings[0].starts_with("PATH: " + first + ": " + first +
                                     " is writable by its group (mode 2775)"));
  REQUIRE(::chmod(first.c_str(), 02777) == 0);
  CHECK(InspectSearchPath(first).findings.size() == 1);
}

TEST_CASE("the launcher receives who may own each program") {
  CommandTable table;
  table.commands.resize(2);
  table.commands[0].ids = RunIds{.uid = 1234, .gid = 1, .groups = {}};
  RequireTrust(table);
  CHECK(table.commands[0].program_owner == 1234U);
  CHECK(table.commands[1].program_owner == ::geteuid());
}

}  // namespace
}  // namespace command_exporter
