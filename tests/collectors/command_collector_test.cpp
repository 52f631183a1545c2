#include "collectors/command_collector.hpp"

#include <cerrno>
#include <csignal>

#include <catch2/catch.hpp>

#include "collectors/ending_reasons.hpp"
#include "tests/fakes/fake_command_runner.hpp"
#include "tests/support/test_jq.hpp"

namespace command_exporter {
namespace {

// A collector of `echo`, its runs and their outcomes.
class Bench {
 public:
  explicit Bench(FormatConfig format = {}) {
    CollectorConfig& collector = config.collectors.emplace_back();
    collector.position = {"conf.toml", 3, 1};
    collector.name = "echo";
    collector.command = {"/bin/echo", "x"};
    collector.format = std::move(format);
  }

  CollectorConfig& collector() { return config.collectors.front(); }

  // Starts a run; its outcome is recorded here.
  CollectHandle Start() {
    const auto collectors = MakeCollectors(
        std::make_shared<const Config>(config), 7, runner,
        [this](const ParseTask& task) { tasks.push_back(task.work); },
        test::Jq());
    return collectors.front()->Collect(
        {.deadline = Deadline::FromNanoseconds(5)},
        {.outcome = [this](Outcome o) { outcomes.push_back(std::move(o)); },
         .usage = [this](const RunUsage& u) { usages.push_back(u); },
         .stuck = [this](bool is) { stuck.push_back(is); }});
  }

  // The failure of a run with this ending: "reason: message".
  std::string FailureOfRun(CommandResult result) {
    Start();
    runner.Finish(runner.requests().size(), std::move(result));
    RunTasks();
    REQUIRE(!outcomes.empty());
    const auto& failure = outcomes.back().failure;
    CHECK((!failure || outcomes.back().families.empty()));
    return failure
               ? std::string(Name(failure->reason)) + ": " + failure->message
               : "";
  }

  void RunTasks() {
    for (const auto& task : tasks) {
      task();
    }
    tasks.clear();
  }

  Config config;
  FakeCommandRunner runner;
  std::vector<std::function<void()>> tasks;
  std::vector<Outcome> outcomes;
  std::vector<RunUsage> usages;
  std::vector<bool> stuck;
};

CommandResult Ended(Ending ending, int code = 0,
                    StartFault fault = StartFault::kNone) {
  CommandResult result;
  result.ending = ending;
  result.code = code;
  result.fault = fault;
  return result;
}

TEST_CASE("a short output is read at once, a long one on the executor") {
  Bench bench({.format = Format::kKeyValue});
  bench.Start();
  bench.runner.Finish(1, Exited("a 1\n"));
  CHECK(bench.outcomes.size() == 1);
  CHECK(bench.tasks.empty());

  bench.Start();
  bench.runner.Finish(2, Exited("a 1\n" + std::string(5000, '\n')));
  CHECK(bench.outcomes.size() == 1);
  CHECK(bench.usages.size() == 2);  // the usage does not wait
  bench.RunTasks();
  REQUIRE(bench.outcomes.size() == 2);
  CHECK_FALSE(bench.outcomes.back().failure);
}

TEST_CASE("an outcome has every figure of its run, and its cost follows") {
  Bench bench({.format = Format::kKeyValue});
  bench.Start();
  REQUIRE(bench.runner.requests().size() == 1);
  const CommandRequest request = bench.runner.requests().front();
  CHECK(request.generation == 7);
  CHECK(request.command == 0);
  CHECK(request.timeout == std::chrono::seconds{5});
  CHECK(request.deadline == Deadline::FromNanoseconds(5));
  CHECK(request.max_output == 1U << 20U);

  CommandResult result = Exited("a 1\nnonsense\n");
  result.cpu = std::chrono::milliseconds{3};
  bench.runner.Finish(1, result);
  REQUIRE(bench.outcomes.size() == 1);
  const Outcome& outcome = bench.outcomes.front();
  CHECK_FALSE(outcome.failure);
  CHECK(outcome.samples == 1);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.output_bytes == 13);
  CHECK(outcome.unmatched_lines == 1U);
  CHECK(outcome.first_unmatched == "nonsense");
  CHECK(outcome.duration > Duration{0});
  REQUIRE(bench.usages.size() == 1);
  CHECK(bench.usages.front().cpu == std::chrono::milliseconds{3});
}

TEST_CASE("a command that cannot be started says at which step and why") {
  Bench bench;
  bench.collector().command = {"/nonexistent/x"};
  CHECK(bench.FailureOfRun(
            Ended(Ending::kNotStarted, ENOENT, StartFault::kExec)) ==
        "spawn: cannot start /nonexistent/x: execve: No such file or "
        "directory");
  bench.collector().command = {"x"};
  CHECK(bench.FailureOfRun(
            Ended(Ending::kNotStarted, ENOENT, StartFault::kExec)) ==
        "spawn: cannot start x: execve: No such file or directory; it is in "
        "no folder of PATH");
  bench.collector().run.cwd = "/private/x";
  CHECK(bench.FailureOfRun(
            Ended(Ending::kNotStarted, EACCES, StartFault::kChdir)) ==
        "spawn: cannot start x: chdir /private/x: Permission denied");
  CHECK(bench.usages.empty());
}

TEST_CASE("every ending has its reason") {
  Bench bench;
  const auto reason = [&](CommandResult result) {
    const std::string text = bench.FailureOfRun(std::move(result));
    return text.substr(0, text.find(':'));
  };
  for (const StartFault fault :
       {StartFault::kAdmission, StartFault::kHostBusy, StartFault::kStillThere,
        StartFault::kTooMany}) {
    CHECK(reason(Ended(Ending::kNotStarted, 0, fault)) == "overload");
    CHECK(bench.outcomes.back().came_too_late);
  }
  CHECK(reason(Ended(Ending::kLauncherLost, 0, StartFault::kTooMany)) ==
        "launcher_lost");
  CHECK(bench.outcomes.back().came_too_late);
  CHECK(reason(Ended(Ending::kLauncherLost)) == "launcher_lost");
  CHECK_FALSE(bench.outcomes.back().came_too_late);
  CHECK(reason(Ended(Ending::kNotStarted, 0, StartFault::kStuckBefore)) ==
        "stuck");
  CHECK(reason(Ended(Ending::kNotStarted, 0, StartFault::kTable)) == "spawn");
  CHECK(reason(Ended(Ending::kOutputLimit)) == "output_limit");
  CHECK(reason(Ended(Ending::kLauncherLost)) == "launcher_lost");
  CHECK(reason(Ended(Ending::kTimedOut)) == "timeout");
  CHECK(reason(Ended(Ending::kCancelled)) == "timeout");
  CHECK(reason(Exited("nonsense {\n")) == "parse");
}

TEST_CASE("an exit status comes with the first and last line of stderr") {
  Bench bench({.format = Format::kKeyValue});
  CHECK(bench.FailureOfRun(Exited("a 1\n", 3, "warn\nno such disk\n")) ==
        "exit_status: exit status 3; first line on stderr: \"warn\", last "
        "line: \"no such disk\"");
  CHECK(bench.outcomes.back().exit_code == 3);
  CHECK(bench.FailureOfRun(Exited("", 3, "\n  no such disk\n\n")) ==
        "exit_status: exit status 3; last line on stderr: \"  no such disk\"");
  CHECK(bench.FailureOfRun(Exited("CRITICAL\n", 2)) ==
        "exit_status: exit status 2; last line on stdout: \"CRITICAL\"");
  bench.collector().run.success_exit_codes.ranges = {{0, 0}, {2, 5}};
  CHECK(bench.FailureOfRun(Exited("a 1\n", 3)).empty());
  CHECK(bench.FailureOfRun(Exited("", 6)) ==
        "exit_status: exit status 6; it printed nothing");
  bench.collector().run.success_exit_codes.any = true;
  CHECK(bench.FailureOfRun(Exited("a 1\n", 99)).empty());
}

TEST_CASE("a signal has its name") {
  Bench bench;
  CHECK(bench.FailureOfRun(Ended(Ending::kSignaled, SIGSEGV)) ==
        "signal: ended by signal 11 (SIGSEGV); it printed nothing");
  CHECK_FALSE(bench.outcomes.back().exit_code);
}

TEST_CASE("fail_on_stderr fails a run that wrote there") {
  Bench bench({.format = Format::kKeyValue});
  CHECK(bench.FailureOfRun(Exited("a 1\n", 0, "note\n")).empty());
  bench.collector().run.fail_on_stderr = true;
  CHECK(bench.FailureOfRun(Exited("a 1\n", 0, "sh: netstat: not found\n")) ==
        "stderr: it wrote to stderr, last line: \"sh: netstat: not found\"");
}

TEST_CASE("a timeout is reported when it passes, its cost when all is gone") {
  Bench bench({.format = Format::kKeyValue});
  bench.Start();
  bench.runner.TimeOut(1, Exited("a 1\nworking on it\n"));
  REQUIRE(bench.outcomes.size() == 1);
  REQUIRE(bench.outcomes.front().failure);
  CHECK(bench.outcomes.front().failure->reason == Reason::kTimeout);
  CHECK(bench.outcomes.front().failure->message ==
        "killed after 5s; it printed 18 bytes, last line: \"working on it\"");
  CHECK_FALSE(bench.outcomes.front().exit_code);
  CHECK(bench.usages.empty());
  bench.runner.Finish(1, Ended(Ending::kTimedOut));
  bench.RunTasks();
  CHECK(bench.outcomes.size() == 1);
  CHECK(bench.usages.size() == 1);
}

TEST_CASE("a run that cannot be killed is stuck until the kernel lets it go") {
  Bench bench;
  bench.Start();
  bench.runner.TimeOut(1, {});
  bench.runner.Finish(1, Ended(Ending::kStuck));
  CHECK(bench.stuck == std::vector<bool>{true});
  bench.runner.Release(1);
  CHECK(bench.stuck == std::vector<bool>{true, false});
  CHECK(bench.outcomes.size() == 1);
}

TEST_CASE("cancel and a later start reach the run") {
  Bench bench;
  const CollectHandle handle = bench.Start();
  handle.extend(Deadline::FromNanoseconds(9));
  CHECK(bench.runner.extended() == std::vector<std::pair<RunId, Deadline>>{
                                       {1, Deadline::FromNanoseconds(9)}});
  handle.cancel();
  CHECK(bench.runner.cancelled() == std::vector<RunId>{1});
}

TEST_CASE("more samples than max_samples fail the run") {
  Bench bench({.format = Format::kKeyValue});
  bench.collector().max_samples = 2;
  CHECK(bench.FailureOfRun(Exited("a 1\nb 2\n")).empty());
  CHECK(bench.FailureOfRun(Exited("a 1\nb 2\nc 3\n")) ==
        "sample_limit: the output gives 3 samples, max_samples is 2; "
        "print fewer, or raise max_samples");
}

TEST_CASE(
    "Prometheus output gets help and the matrix, names stay as they are") {
  Bench bench;
  bench.collector().matrix = {{"host", {"h"}}};
  CHECK(bench
            .FailureOfRun(Exited("a 1\na{host=\"x\"} 2\nc{host=\"\"} 5\n"
                                 "{\"disk.free\",\"fs.type\"=\"y\"} 6\n"))
            .empty());
  const Outcome& outcome = bench.outcomes.back();
  REQUIRE(outcome.families.size() == 3);
  CHECK(outcome.families[1].metric[0].label[0].value == "h");
  CHECK(outcome.families[0].help == "From collector \"echo\".");
  REQUIRE(outcome.families[0].metric.size() == 2);
  CHECK(outcome.families[0].metric[0].label[0].value == "h");
  CHECK(outcome.families[0].metric[1].label[0].value == "x");
  CHECK(outcome.families[2].name == "disk.free");
  CHECK(outcome.families[2].metric[0].label[0].name == "fs.type");
  CHECK(outcome.families[2].metric[0].label[1].value == "h");
  CHECK(outcome.drops.total() == 0);
}

TEST_CASE("a line is unmatched when no metric's pattern matches it") {
  Bench bench({.format = Format::kRegex, .keep_lines = std::nullopt});
  for (const char* const name : {"a", "b"}) {
    MetricConfig& metric = bench.collector().metrics.emplace_back();
    metric.name = name;
    metric.pattern = *Pattern::Compile(std::string(name) + "=([0-9]+)");
  }
  CHECK(bench.FailureOfRun(Exited("a=1\n\nx=2\nb=3\ny\n")).empty());
  CHECK(bench.outcomes.back().samples == 2);
  CHECK(bench.outcomes.back().unmatched_lines == 2U);
  CHECK(bench.outcomes.back().first_unmatched == "x=2");
  CHECK(bench.FailureOfRun(Exited("a=1\n")) ==
        "missing: metric \"b\" got no sample: its pattern matched nothing");
  CHECK(bench.outcomes.back().unmatched_lines == 0U);
}

TEST_CASE("metrics of one name are one family, but not with the same series") {
  Bench bench({.format = Format::kKeyValue});
  for (const char* const field : {"a", "b"}) {
    MetricConfig& metric = bench.collector().metrics.emplace_back();
    metric.name = "m";
    metric.values = {field};
    metric.labels = {{"field", field}};
  }
  CHECK(bench.FailureOfRun(Exited("a 1\nb 2\n")).empty());
  REQUIRE(bench.outcomes.back().families.size() == 1);
  CHECK(bench.outcomes.back().families[0].metric.size() == 2);
  bench.collector().metrics[1].labels[0].text = "a";
  CHECK(bench.FailureOfRun(Exited("a 1\nb 2\n")) ==
        "duplicate: two metrics named \"m\" give the same series "
        "{field=\"a\"}; add labels that tell them apart");
}

TEST_CASE("a collector is known by its name, matrix and position") {
  Bench bench({.format = Format::kRegex, .text_scope = true});
  bench.collector().matrix = {{"host", {"a", "b"}}};
  const auto collectors = MakeCollectors(
      std::make_shared<const Config>(bench.config), 1, bench.runner,
      [](const ParseTask&) {}, test::Jq());
  REQUIRE(collectors.size() == 2);
  const CollectorIdentity& identity = collectors[1]->identity();
  CHECK(identity.name == "echo");
  CHECK(identity.matrix == Labels{{"host", "b"}});
  CHECK(identity.position == "conf.toml:3:1");
  CHECK_FALSE(identity.counts_lines);
  collectors[1]->Collect({}, {.outcome = [](const Outcome&) {}});
  CHECK(bench.runner.requests().back().command == 1);
}

}  // namespace
}  // namespace command_exporter
