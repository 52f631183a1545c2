#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/support/paths.hpp"
#include "tests/support/run_program.hpp"

namespace command_exporter {
namespace {

constexpr const char* kGood = R"(
[[collector]]
name = "load"
command = ["cat", "/proc/loadavg"]
format = "number"
metric = [{ name = "load_value", help = "It." }]

[[collector]]
name = "off"
enabled = false
shell = '''
echo "it's)"
                              "\t"
                              R"(1" |
  cat
'''
format = "number"
metric = [{ name = "off_value", help = "It." }]

[[collector]]
name = "many"
command = ["echo", "{target}"]
matrix = { target = ["1", "2 3"] }
format = "number"
metric = [{ name = "many_value", help = "It." }]
)";

std::string UsageErrorOf(const std::vector<std::string>& arguments) {
  const Ran ran = RunProgram(arguments);
  CHECK(ran.status == 1);
  CHECK(ran.out.empty());
  const std::string start = "command_exporter: error: ";
  const std::string end = ", try --help\n";
  REQUIRE(ran.err.starts_with(start));
  REQUIRE(ran.err.ends_with(end));
  return ran.err.substr(start.size(),
                        ran.err.size() - start.size() - end.size());
}

TEST_CASE("every usage error is one line that says what to write") {
  CHECK(UsageErrorOf({"--web.listen-adress=:1"}) ==
        R"(unknown flag "--web.listen-adress" (did you mean )"
        R"("--web.listen-address"?))");
  CHECK(UsageErrorOf({"-config.fil=x"}) ==
        R"(unknown flag "-config.fil" (did you mean "--config.file"?))");
  CHECK(UsageErrorOf({"-x"}) == R"(unknown flag "-x")");
  CHECK(UsageErrorOf({"-c", "onfig.file=x"}) == R"(unknown flag "-c")");
  CHECK(UsageErrorOf({"start"}) == R"(unexpected argument "start")");
  CHECK(UsageErrorOf({"--config.file"}) == "flag --config.file needs a value");
  CHECK(UsageErrorOf({"--config.file="}) == "flag --config.file needs a value");
  // Whatever follows: else "--config.file --config.check" would start.
  CHECK(UsageErrorOf({"--config.file", "--config.check"}) ==
        "flag --config.file needs a value");
  CHECK(UsageErrorOf({"-config.file", "-config.check"}) ==
        "flag --config.file needs a value");
  CHECK(UsageErrorOf({"-config.file=", "exporter.toml"}) ==
        "flag --config.file needs a value");
  CHECK(UsageErrorOf({"--config.file=a", "--config.file=b"}) ==
        "flag --config.file is given twice");
  CHECK(UsageErrorOf({"--version=yes"}) == "flag --version takes no value");
  CHECK(UsageErrorOf({"--log.level=verbose"}) ==
        R"(flag --log.level: "verbose" is not one of debug, info, warn and )"
        "error");
  CHECK(UsageErrorOf({"--log.format", "xml"}) ==
        R"(flag --log.format: "xml" is not one of logfmt and json)");
  CHECK(UsageErrorOf({"--web.max-requests=-1"}) ==
        R"(flag --web.max-requests: "-1" is not a whole number from 0 to 256)");
  CHECK(UsageErrorOf({"--max-concurrency=0"}) ==
        R"(flag --max-concurrency: "0" is not a whole number from 1 to 10000)");
  CHECK(UsageErrorOf({"--timeout-offset=1x"}) ==
        R"(flag --timeout-offset: "1x" is not a time (right: "0.5" for )"
        R"(seconds, or "500ms"))");
  CHECK(UsageErrorOf({"--timeout-offset=-1"}) ==
        R"(flag --timeout-offset: "-1" is not a time (right: "0.5" for )"
        R"(seconds, or "500ms"))");
  CHECK(UsageErrorOf({"--web.telemetry-path=metrics"}) ==
        R"(flag --web.telemetry-path: "metrics" is not a plain path (right: )"
        R"("/metrics"))");
  CHECK(UsageErrorOf({"--web.telemetry-path=/-/healthy"}) ==
        R"(flag --web.telemetry-path: "/-/healthy" is the health page)");
  CHECK(UsageErrorOf({"--web.listen-address=9101"}) ==
        R"(flag --web.listen-address: "9101" is not a listen address: it has )"
        R"(no ":" before the port (right: ":9101", "127.0.0.1:9101", )"
        R"("[::1]:9101"))");
  CHECK(UsageErrorOf({"--web.listen-address=a\n\x1b[31mb:1x"}) ==
        R"(flag --web.listen-address: "a\x0a\x1b[31mb:1x" is not a listen )"
        R"(address: "1x" is not a port from 0 to 65535 (right: ":9101", )"
        R"("127.0.0.1:9101", "[::1]:9101"))");
  CHECK(UsageErrorOf({"--user=no_such_user_here"}) ==
        R"(flag --user: there is no user "no_such_user_here")");
}

TEST_CASE("what cannot be printed is no success") {
  for (const char* const mode : {"--help", "--version"}) {
    const std::string command = std::string("exec ") + test::kProgram + " " +
                                mode + " 2>/dev/null >/dev/full";
    const int status = std::system(command.c_str());
    CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 1));
  }
}

TEST_CASE("the help goes to standard output, in groups of 80 columns") {
  for (const char* const flag : {"--help", "-help", "-h"}) {
    const Ran ran = RunProgram({flag});
    CHECK(ran.status == 0);
    CHECK(ran.err.empty());
    for (const char* const part :
         {"Usage: command_exporter", "\nConfiguration:\n", "\nWeb:\n",
          "\nProcesses:\n", "\nLog:\n", "--config.file", "--config.check",
          "--list-collectors", "--collector.all-series", "--web.listen-address",
          "--web.telemetry-path", "--web.max-requests", "--timeout-offset",
          "--max-concurrency", "--user", "--log.level", "--log.format",
          "--version", "--help"}) {
      CHECK_THAT(ran.out, Catch::Contains(part));
    }
    CHECK_THAT(ran.out, !Catch::Matches("(.|\n)*[^\n]{81}(.|\n)*"));
  }
}

TEST_CASE("the version's first line is the one that tools read") {
  for (const char* const flag : {"--version", "-version"}) {
    const Ran ran = RunProgram({flag});
    CHECK(ran.status == 0);
    CHECK(ran.err.empty());
    CHECK_THAT(
        ran.out,
        Catch::Matches("command_exporter, version [0-9]+\\.[0-9]+\\.[0-9]+ "
                       "\\(branch: [^ ,]+, revision: [^ ,]+\\)\n"
                       "  compiler:         [^\n]+\n"
                       "  platform:         [a-z]+/[a-z0-9_]+\n"
                       "  civetweb:         1\\.[0-9]+ \\([^\n]*IPv6, "
                       "[^\n]*TLS, [^\n]*unix sockets\\)\n"
                       "  cli11:            [0-9.]+\n"
                       "  jq:               [^\n]+\n"
                       "  spdlog:           [0-9.]+\n"
                       "  toml\\+\\+:           [0-9.]+\n"));
  }
}

TEST_CASE("a good configuration is one line of OK") {
  const Folder folder;
  const std::string path = folder.Write("good.toml", kGood);
  for (const std::string& flag :
       {"--config.file=" + path, "-config.file=" + path}) {
    const Ran ran = RunProgram({"-config.check", flag});
    CHECK(ran.err.empty());
    CHECK(ran.out ==
          path + ": OK, 3 collectors, 3 commands, 0 examples, 0 warnings\n");
    CHECK(ran.status == 0);
  }
}

TEST_CASE("a bad configuration shows every error and fails the check") {
  const Folder folder;
  const std::string path = folder.Write(
      "bad.toml", std::string(kGood) +
                      "[[collector]]\nname = \"a\"\ncomand = [\"a\"]\n"
                      "[[collector]]\nname = \"B\"\ncommand = [\"a\"]\n");
  for (const char* const mode : {"--config.check", "--list-collectors"}) {
    const Ran ran = RunProgram({mode, "--config.file", path});
    CHECK(ran.status == 1);
    CHECK(ran.out.empty());
    CHECK(std::ranges::count(ran.err, '\n') == 2);
    CHECK_THAT(ran.err, Catch::Contains(path + ":26:1: "));
    CHECK_THAT(ran.err, Catch::Contains("\"comand\""));
    CHECK_THAT(ran.err, Catch::Contains(path + ":28:8: "));
  }
}

TEST_CASE("what only the table shows is an error of the check, too") {
  const Folder folder;
  const std::string path =
      folder.Write("user.toml",
                   "[[collector]]\nname = \"a\"\nuser = \"no_such_user_here\"\n"
                   "command = [\"true\"]\n");
  const Ran ran = RunProgram({"--config.check", "--config.file", path});
  CHECK(ran.status == 1);
  CHECK_THAT(ran.err, Catch::StartsWith(path + ":3:8: user: "));
  CHECK_THAT(ran.err, Catch::Contains("no_such_user_here"));
}

// A command that leaves a trace when it runs, and an example of it.
std::string WithExample(const Folder& folder, const std::string& example) {
  return "[[collector]]\nname = \"traced\"\nenabled = true\n"
         "command = [\"touch\", \"" +
         (folder.path() / "trace").string() +
         "\"]\nformat = \"number\"\nmetric = [{ name = \"traced_value\" }]\n"
         "  [[collector.example]]\n" +
         example;
}

TEST_CASE("examples are tried without running a command") {
  const Folder folder;
  const std::string path = folder.Write(
      "good.toml", WithExample(folder,
                               "output = \"1\"\nexpect = \"traced_value 1\"\n"
                               "[[collector.example]]\n"
                               "expect_error = \"parse\"\n"));
  const Ran ran = RunProgram({"--config.check", "--config.file", path});
  CHECK(ran.err.empty());
  CHECK(ran.out ==
        path + ": OK, 1 collector, 1 command, 2 examples, 0 warnings\n");
  CHECK(ran.status == 0);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "trace"));
}

TEST_CASE("every example that gives something else is shown") {
  const Folder folder;
  const std::string path = folder.Write(
      "bad.toml", WithExample(folder,
                              "output = \"2\"\nexpect = \"traced_value 1\"\n"
                              "[[collector.example]]\n"
                              "output = \"3\"\nexpect = \"traced_value 3\"\n"
                              "[[collector.example]]\n"
                              "output = \"x\"\nexpect = \"\"\n"));
  const Ran ran = RunProgram({"--config.check", "--config.file", path});
  CHECK(ran.out.empty());
  const std::string head =
      ": example of collector \"traced\" does not give what it expects:\n";
  CHECK(
      ran.err ==
      path + ":7:3" + head + "- traced_value 1\n+ traced_value 2\n" + path +
          ":13:1" + head +
          "+ failure, reason parse: line 1: metric \"traced_value\": \"x\" in "
          "the field \"value\" is no number\n"
          "# the collector is at " +
          path + ":1:1\n" + path + ": 2 of 3 examples failed\n");
  CHECK(ran.status == 1);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "trace"));
}

TEST_CASE("an example whose jq program never ends does not hold up the check") {
  const Folder folder;
  const std::string path =
      folder.Write("hangs.toml",
                   "[[collector]]\nname = \"hangs\"\ncommand = [\"true\"]\n"
                   "format = \"json\"\ntimeout = \"50ms\"\n"
                   "items = \"def f: f; f\"\n"
                   "[[collector.example]]\noutput = \"1\"\nexpect = \"\"\n");
  const Ran ran = RunProgram({"--config.check", "--config.file", path});
  CHECK(ran.out.empty());
  CHECK_THAT(ran.err, Catch::Contains("+ failure, reason timeout: line 1: "
                                      "items and fields did not come to an "
                                      "end in time"));
  CHECK(ran.status == 1);
}

TEST_CASE("an expectation that is no exposition is an error of every mode") {
  const Folder folder;
  const std::string path = folder.Write(
      "bad.toml", WithExample(folder, "expect = \"traced_value x\"\n"));
  for (const char* const mode :
       {"--config.check", "--list-collectors", "--log.level=info"}) {
    const Ran ran = RunProgram({mode, "--config.file", path});
    CHECK(ran.status == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Catch::Contains(path + ":8:10: "));
    CHECK_THAT(ran.err, Catch::Contains("expect is no exposition"));
  }
}

TEST_CASE("a missing file is an error of every mode") {
  for (const char* const mode :
       {"--config.check", "--list-collectors", "--log.level=info"}) {
    const Ran ran = RunProgram({mode, "--config.file=/nonexistent/x.toml"});
    CHECK(ran.status == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Catch::Contains("/nonexistent/x.toml"));
    CHECK_THAT(ran.err, Catch::Contains("No such file or directory"));
  }
}

TEST_CASE("a file that cannot be read is reported with place, user and flag") {
  for (const char* const mode :
       {"--config.check", "--list-collectors", "--log.level=info"}) {
    const Ran ran = RunProgram({mode, "--config.file=nonexistent/x.toml"});
    CHECK(ran.status == 1);
    CHECK_THAT(ran.err,
               Catch::Contains("nonexistent/x.toml: No such file or directory "
                               "(looked for /") &&
                   Catch::Contains("/nonexistent/x.toml, as user ") &&
                   Catch::Contains(", uid " + std::to_string(getuid()) + ")") &&
                   Catch::Contains("--config.file=PATH"));
  }
}

TEST_CASE("a file in the current folder is used only when it is named") {
  const Folder folder;
  folder.Write("exporter.toml", "nonsense = 1\n");
  for (const char* const mode : {"--config.check", "--list-collectors"}) {
    const std::string err = (folder.path() / "err").string();
    const std::string command = "cd " + folder.path().string() + " && exec " +
                                test::kProgram + " " + mode + " 2>" + err +
                                " >/dev/null";
    const int status = std::system(command.c_str());
    CHECK(WIFEXITED(status));
    CHECK_THAT(ReadFile(err), !Catch::Contains("nonsense"));
  }
  CHECK_THAT(RunProgram({"--help"}).out,
             Catch::Contains("(\"/etc/command_exporter/exporter.toml\")"));
}

TEST_CASE("collectors are listed a line each instance, with tabs") {
  const Folder folder;
  const std::string path = folder.Write("good.toml", kGood);
  const Ran ran = RunProgram({"--list-collectors", "--config.file", path});
  CHECK(ran.status == 0);
  CHECK(ran.err.empty());
  CHECK(ran.out ==
        "load\tenabled\tcommand\tscrape\tcat /proc/loadavg\n"
        "off\tdisabled\tcommand\tscrape\t"
        R"(/bin/bash +B -O xpg_echo -O inherit_errexit -o pipefail -c )"
        R"('echo "it'\''s\x091" |\x0a  cat\x0a')"
        "\n"
        "many\tenabled\tcommand\tscrape\techo 1\n"
        "many\tenabled\tcommand\tscrape\techo '2 3'\n");
}

}  // namespace
}  // namespace command_exporter
