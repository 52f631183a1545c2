#include "collectors/instances.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include <catch2/catch.hpp>

#include "collectors/commands/command_table_builder.hpp"
#include "collectors/commands/environment.hpp"
#include "core/process/system/user.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

CollectorConfig Command(std::string name, std::vector<std::string> command) {
  CollectorConfig collector;
  collector.position = {"conf.toml", 4, 1};
  collector.name = std::move(name);
  collector.command = std::move(command);
  return collector;
}

// The value of a variable, or "(none)".
std::string Variable(const CommandSpec& spec, const std::string& name) {
  for (const std::string& entry : spec.environment) {
    if (entry.starts_with(name + "=")) {
      return entry.substr(name.size() + 1);
    }
  }
  return "(none)";
}

CommandSpec BuildOne(const CollectorConfig& collector,
                     const TableContext& context = {}) {
  Config config;
  config.collectors = {collector};
  const auto table = BuildCommandTable(config, context, 3);
  REQUIRE(table);
  REQUIRE(table->commands.size() == 1);
  return table->commands.front();
}

TEST_CASE("a matrix gives every combination, the last name changing fastest") {
  Config config;
  config.collectors = {Command("a", {"a"}),
                       Command("b", {"b", "{x}-{y}", "{print $1}", "%{x}"}),
                       Command("c", {"c"})};
  config.collectors[0].enabled = false;
  config.collectors[1].matrix = {{"x", {"1", "2"}}, {"y", {"{x}", "q"}}};
  const std::vector<Instance> instances = ExpandInstances(config);
  REQUIRE(instances.size() == 5);
  CHECK(instances[0].collector == 1);
  CHECK(instances[0].matrix == Labels{{"x", "1"}, {"y", "{x}"}});
  CHECK(instances[0].argv ==
        std::vector<std::string>{"b", "1-{x}", "{print $1}", "%{x}"});
  CHECK(instances[1].argv[1] == "1-q");
  CHECK(instances[2].argv[1] == "2-{x}");
  CHECK(instances[4].collector == 2);
  CHECK(instances[4].matrix.empty());
}

TEST_CASE("a shell gets its script as it is and the matrix as variables") {
  CollectorConfig collector = Command("s", {});
  collector.shell = "echo {target} \"$target\"";
  collector.matrix = {{"target", {"::1"}}};
  const CommandSpec spec = BuildOne(collector);
  CHECK(spec.argv ==
        std::vector<std::string>{"/bin/sh", "-c", "echo {target} \"$target\""});
  CHECK(spec.paths == std::vector<std::string>{"/bin/sh"});
  CHECK(Variable(spec, "target") == "::1");

  collector.shell.clear();
  collector.command = {"echo", "{target}"};
  CHECK(Variable(BuildOne(collector), "target") == "(none)");
}

TEST_CASE("a pipe runs under bash where its user can execute it") {
  using Words = std::vector<std::string>;
  Config config;
  config.collectors = {Command("plain", {}), Command("pipe", {}),
                       Command("own", {})};
  for (CollectorConfig& collector : config.collectors) {
    collector.shell = "a | b";
  }
  config.collectors[1].pipe = true;
  config.collectors[1].matrix = {{"x", {"1", "2"}}};
  config.collectors[2].run.interpreter = {"sh", "-c"};
  const Words bash{"/bin/bash",       "+B", "-O",       "xpg_echo", "-O",
                   "inherit_errexit", "-o", "pipefail", "-c",       "a | b"};
  const Words plain{"/bin/sh", "-c", "a | b"};
  TableContext context;
  std::vector<std::string> warnings;
  context.warn = [&warnings](const std::string& warning) {
    warnings.push_back(warning);
  };
  auto table = BuildCommandTable(config, context, 1);
  REQUIRE(table);
  CHECK(table->commands[0].argv == plain);
  CHECK(table->commands[1].argv == bash);
  CHECK(table->commands[1].paths == Words{"/bin/bash"});
  CHECK(table->commands[3].argv == Words{"sh", "-c", "a | b"});
  CHECK(PipesWithoutBash(config, *table).empty());
  CHECK(warnings.empty());

  int asked = 0;
  context.may_start = [&asked](const CommandSpec& spec) {
    CHECK(spec.paths == Words{"/bin/bash"});
    ++asked;
    return false;
  };
  table = BuildCommandTable(config, context, 1);
  REQUIRE(table);
  CHECK(asked == 1);
  CHECK(table->commands[1].argv == plain);
  CHECK(table->commands[2].paths == Words{"/bin/sh"});
  CHECK(PipesWithoutBash(config, *table) == Words{"pipe"});
  CHECK(warnings ==
        Words{"conf.toml:4:1: collector \"pipe\": user " + CurrentUser().name +
              " cannot execute /bin/bash, so shell runs under /bin/sh, where "
              "only the last part of a pipe can fail: text on standard error "
              "is a failure instead (fail_on_stderr); install bash"});
}

TEST_CASE("the environment holds what is named and nothing else") {
  CollectorConfig collector = Command("e", {"env"});
  collector.matrix = {{"target", {"h"}}};
  collector.run.pass_env = {"PASSED", "ABSENT", "PATH"};
  collector.run.env = {{"SET", "to {target}"}};
  const UserIds user = CurrentUser();
  const CommandSpec spec = BuildOne(
      collector, {.environment = {"PATH=/opt/bin:rel::/bin", "TZ=UTC",
                                  "PASSED=1", "SECRET=2", "LC_ALL=de_DE"}});
  CHECK(spec.environment ==
        std::vector<std::string>{"HOME=" + user.home, "LC_ALL=C.UTF-8",
                                 "LOGNAME=" + user.name, "PASSED=1",
                                 "PATH=/opt/bin:rel::/bin", "SET=to h",
                                 "TZ=UTC", "USER=" + user.name});
  CHECK(spec.paths == std::vector<std::string>{"/opt/bin/env", "/bin/env"});

  collector.run.pass_env.clear();
  UserIds other;
  other.uid = 1000;
  const std::vector<std::string> own{"PATH=/opt/bin"};
  CHECK(MakeEnvironment(collector, {}, other, own)["PATH"] == "/opt/bin");
  other.uid = 0;  // root does not inherit this PATH
  CHECK(MakeEnvironment(collector, {}, other, own)["PATH"] ==
        "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

  const CommandSpec bare = BuildOne(Command("e", {"env"}));
  CHECK(Variable(bare, "PATH").find("/usr/bin") != std::string::npos);
  CHECK(Variable(bare, "TZ") == "(none)");
}

TEST_CASE("a program with a slash is a path, relative to the cwd") {
  CHECK(ProgramPaths("/a/b", "/c", "/bin") == std::vector<std::string>{"/a/b"});
  CHECK(ProgramPaths("./b", "/c", "/bin") ==
        std::vector<std::string>{"/c/./b"});
  CHECK(ProgramPaths("b", "/c", "").empty());
}

TEST_CASE("the run keys reach the command table") {
  CollectorConfig collector = Command("k", {"cat"});
  collector.matrix = {{"t", {"v"}}};
  collector.run.cwd = "/srv/{t}";
  collector.run.stdin_text = "in {t}";
  collector.run.umask = 077;
  collector.run.nice = 5;
  collector.run.grace = std::chrono::seconds{3};
  const CommandSpec spec = BuildOne(collector);
  CHECK(spec.name == "k");
  CHECK(spec.cwd == "/srv/v");
  CHECK(spec.stdin_text == "in v");
  CHECK(spec.umask == 077U);
  CHECK(spec.nice == 5);
  CHECK(spec.grace == std::chrono::seconds{3});
  CHECK_FALSE(spec.ids);
  CHECK(BuildOne(Command("d", {"true"})).cwd == "/");
}

TEST_CASE("parameters stand with their defaults and give no label or run") {
  CollectorConfig collector = Command("p", {"p", "{x}{host}", "-I{host}"});
  collector.matrix = {{"x", {"1"}}};
  collector.parameters = {
      {.name = "host", .values = {"a", "b"}, .default_value = "b"}};
  collector.run.cwd = "/{host}";
  collector.run.stdin_text = "{host}";
  collector.run.env = {{"H", "{host}"}};
  Config config;
  config.collectors = {collector};
  const std::vector<Instance> instances = ExpandInstances(config);
  REQUIRE(instances.size() == 1);
  CHECK(instances[0].matrix == Labels{{"x", "1"}});
  const CommandSpec spec = BuildOne(collector);
  CHECK(spec.argv == std::vector<std::string>{"p", "1b", "-Ib"});
  CHECK(spec.cwd == "/b");
  CHECK(spec.stdin_text == "b");
  CHECK(Variable(spec, "H") == "b");
  CHECK(Variable(spec, "host") == "(none)");
  collector.command.clear();
  collector.shell = "echo {host} $host";
  const CommandSpec script = BuildOne(collector);
  CHECK(script.argv.back() == "echo {host} $host");
  CHECK(Variable(script, "host") == "b");
}

TEST_CASE("parameters of a command that runs as root by any name need values") {
  NEEDS(root);
  Config config;
  config.collectors = {Command("p", {"p", "{host}"})};
  CollectorConfig& collector = config.collectors[0];
  collector.parameters = {{.name = "host",
                           .pattern = *Pattern::Compile("[a-z]+"),
                           .default_value = "b"}};
  const auto table = BuildCommandTable(config, {}, 1);
  REQUIRE_FALSE(table);
  CHECK(table.error().lines.at(0) ==
        "conf.toml:4:1: collector \"p\": parameter \"host\" needs values: the "
        "command runs as root, and there a list must say what a request may "
        "choose");
  CHECK(BuildCommandTable(config, {.default_user = "nobody"}, 1));
  collector.parameters[0].values = {"b"};
  CHECK(BuildCommandTable(config, {}, 1));
}

TEST_CASE("each line with an unknown user is an error") {
  Config config;
  config.collectors = {Command("a", {"true"}), Command("b", {"{x}"}),
                       Command("c", {"true"}), Command("d", {"true"}),
                       Command("e", {"true"})};
  config.collectors[1].matrix = {{"x", {"1", "2"}}};
  const auto set_user = [&](std::size_t i, const char* name, unsigned line) {
    config.collectors[i].run.user = name;
    config.collectors[i].run.user_position = {"conf.toml", line, 8};
  };
  set_user(0, "no_such_user", 5);
  set_user(1, "no_such_user", 9);
  set_user(2, "nor_this_one", 13);
  set_user(3, "of_the_defaults", 2);
  set_user(4, "of_the_defaults", 2);
  const auto table = BuildCommandTable(config, {}, 1);
  REQUIRE_FALSE(table);
  CHECK(table.error().lines ==
        std::vector<std::string>{
            R"(conf.toml:5:8: user: there is no user "no_such_user")",
            R"(conf.toml:9:8: user: there is no user "no_such_user")",
            R"(conf.toml:13:8: user: there is no user "nor_this_one")",
            R"(conf.toml:2:8: user: there is no user "of_the_defaults")"});
}

TEST_CASE("ids are set for another user only, and his are the variables") {
  NEEDS(root);
  CollectorConfig collector = Command("u", {"id"});
  const CommandSpec other = BuildOne(collector, {.default_user = "nobody"});
  REQUIRE(other.ids);
  CHECK(other.ids->uid != 0);
  CHECK(Variable(other, "USER") == "nobody");
  collector.run.user = "root";
  const CommandSpec own = BuildOne(collector, {.default_user = "nobody"});
  // Set even so if the test was started with more groups.
  CHECK(own.ids.value_or(RunIds{}).uid == 0);
  CHECK(Variable(own, "LOGNAME") == "root");
}

TEST_CASE("without the privilege to switch, another user is an error") {
  NEEDS(root);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    constexpr unsigned int kNobody = 65534;
    Config config;
    config.collectors = {Command("u", {"true"})};
    config.collectors[0].run.user = "root";
    const bool dropped = setgid(kNobody) == 0 && setuid(kNobody) == 0;
    const auto table = BuildCommandTable(config, {}, 1);
    const bool refused = !table && table.error().lines.at(0).find(
                                       "may not switch") != std::string::npos;
    _exit(dropped && refused ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

}  // namespace
}  // namespace command_exporter
