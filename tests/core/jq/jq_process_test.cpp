// jq's process with many users at once, after deaths and at its end.
#include "core/jq/jq_process.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "core/jq/jq_program.hpp"
#include "tests/core/jq/evaluations.hpp"
#include "tests/support/test_jq.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::size_t OpenFiles() {
  using Iterator = std::filesystem::directory_iterator;
  return static_cast<std::size_t>(
      std::distance(Iterator("/proc/self/fd"), Iterator()));
}

TEST_CASE("many threads evaluate side by side, and nothing is left open") {
  const JqProgram sum(test::Jq(), ".", {{"sum", "add"}});
  CHECK(Run(sum, "[1, 2]") == "7: sum=3");
  const std::size_t before = OpenFiles();
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      const std::string number = std::to_string(i);
      for (int run = 0; run < 10; ++run) {
        right += Run(sum, "[" + number + "]") == "7: sum=" + number ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(right == 160);
  CHECK(OpenFiles() == before);
  CHECK(WaitUntil([] { return Evaluators().empty(); }));
}

TEST_CASE("another process takes the place of one that died") {
  const JqProgram program(test::Jq(), ".", {});
  program.Prepare();
  CHECK(Run(program, "1") == "7: value=1");
  for (const int number : {SIGKILL, SIGSEGV}) {
    const pid_t before = NurseryPid();
    REQUIRE(::kill(before, number) == 0);
    // A request sent before the death is noticed may be lost with the process.
    CHECK(WaitUntil([&] { return Run(program, "2") == "7: value=2"; }));
    CHECK(NurseryPid() != before);
  }
}

TEST_CASE("an evaluation under way when its process dies fails the run") {
  CHECK(Run(JqProgram(test::Jq(), ".", {}), "1") == "7: value=1");
  REQUIRE(WaitUntil([] { return Evaluators().empty(); }));
  const JqProgram endless(test::Jq(), "def f: f; f", {});
  std::string outcome;
  std::thread user([&] { outcome = Run(endless, "1"); });
  pid_t evaluator = 0;
  REQUIRE(WaitUntil([&] {
    const std::vector<pid_t> evaluators = Evaluators();
    evaluator = evaluators.empty() ? 0 : evaluators.front();
    return evaluator != 0;
  }));
  REQUIRE(::kill(NurseryPid(), SIGKILL) == 0);
  user.join();
  CHECK(outcome == "parse");
  // The evaluation ended with it.
  CHECK(WaitUntil([&] {
    std::ifstream file("/proc/" + std::to_string(evaluator) + "/stat");
    std::stringstream text;
    text << file.rdbuf();
    return text.str().empty() || text.str().find(") Z") != std::string::npos;
  }));
  CHECK(WaitUntil(
      [] { return Run(JqProgram(test::Jq(), ".", {}), "1") == "7: value=1"; }));
}

TEST_CASE("an evaluation ends in time, whatever it does") {
  const JqProgram endless(test::Jq(), "def f: f; f", {});
  const Clock::time_point began = Clock::now();
  CHECK(Run(endless, "1", milliseconds{50}) == "timeout");
  CHECK(Clock::now() - began < seconds{5});
  CHECK(WaitUntil([] { return Evaluators().empty(); }));
}

TEST_CASE("an evaluation that nobody waits for any more is killed") {
  const JqProgram endless(test::Jq(), "def f: f; f", {});
  CHECK(Run(JqProgram(test::Jq(), ".", {}), "1") == "7: value=1");
  REQUIRE(WaitUntil([] { return Evaluators().empty(); }));
  EventFd stop;
  JqText text;
  text.Add("1", 1);
  TextSink sink;
  JqLimits limits;
  limits.time = std::chrono::hours{1};
  limits.stop = &stop;
  std::optional<Failure> failure;
  std::thread user([&] { failure = endless.Evaluate(text, sink, limits); });
  REQUIRE(WaitUntil([] { return Evaluators().size() == 1; }));
  stop.Raise();
  user.join();
  REQUIRE(failure);
  CHECK(failure->reason == Reason::kTimeout);
  CHECK(WaitUntil([] { return Evaluators().empty(); }));
  // No evaluation is started either.
  CHECK(endless.Evaluate(text, sink, limits)->reason == Reason::kTimeout);
}

TEST_CASE("a hundred programs that are announced hold up no evaluation") {
  const JqProgram ready(test::Jq(), ".", {});
  CHECK(Run(ready, "1") == "7: value=1");
  std::vector<std::unique_ptr<JqProgram>> announced;
  const Clock::time_point began = Clock::now();
  for (int i = 0; i < 100; ++i) {
    announced.push_back(std::make_unique<JqProgram>(
        test::Jq(), ". + " + std::to_string(i), std::vector<JqField>{}));
    announced.back()->Prepare();
  }
  CHECK(Run(ready, "2") == "7: value=2");
  // All of them would take some seconds.
  CHECK(Clock::now() - began < seconds{1});
  CHECK(Run(*announced.back(), "1") == "7: value=100");
}

// Compiling takes long: a request that waits for its turn must not be treated
// as lost.
TEST_CASE("many programs that nobody announced are all evaluated at once") {
  std::string functions;
  for (int i = 0; i < 300; ++i) {
    functions += "def f" + std::to_string(i) + ": [., " + std::to_string(i) +
                 "] | map(. + 1) | add; ";
  }
  // Forked by this thread: the keeper ends when the thread that forked it ends.
  REQUIRE(test::Jq().Start());
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 20; ++i) {
    threads.emplace_back([&, i] {
      const std::string number = std::to_string(i);
      right += Run(JqProgram(test::Jq(), functions + ". + " + number, {}), "0",
                   std::chrono::minutes{1}) == "7: value=" + number
                   ? 1
                   : 0;
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(right == 20);
}

TEST_CASE("what a program gives is bounded, not only what it needs") {
  const JqProgram copies(test::Jq(),
                         "(\"x\" * 100000) as $text | range(1e5) | $text", {});
  JqText text;
  text.Add("1", 1);
  TextSink sink;
  const auto failure = copies.Evaluate(text, sink, {.time = seconds{30}});
  REQUIRE(failure);
  CHECK(failure->reason == Reason::kParse);
  CHECK(failure->message ==
        "items and fields give more than 64 MiB for this output; let them "
        "select less");
  CHECK(sink.text.size() < std::size_t{80} << 20U);
}

// Without Catch's macros: a sanitizer needs descriptors when they fail.
JqVerdict CheckWithFewFiles() {
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const rlimit few{100, before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &few);
  std::vector<UniqueFd> others;
  for (int fd = 0; (fd = ::dup(STDIN_FILENO)) >= 0;) {
    others.emplace_back(fd);
  }
  // Too few for a request.
  others.resize(others.size() - 2);
  JqVerdict verdict = CheckJq(test::Jq(), ".");
  ::setrlimit(RLIMIT_NOFILE, &before);
  return verdict;
}

TEST_CASE("a program that could not be checked is not called wrong") {
  const JqVerdict verdict = CheckWithFewFiles();
  CHECK(verdict.word == JqVerdict::kUnknown);
  CHECK(verdict.message.find("Too many open files") != std::string::npos);
  CHECK(CheckJq(test::Jq(), ".").word == JqVerdict::kLegal);
  CHECK(CheckJq(test::Jq(), ".[").word == JqVerdict::kWrong);
}

TEST_CASE("a process that was stopped for good is gone and gives no answer") {
  JqProcess process;
  const std::size_t others = ChildrenOf(::getpid()).size();
  REQUIRE(process.Start());
  CHECK(ChildrenOf(::getpid()).size() == others + 1);
  process.Stop();
  CHECK(ChildrenOf(::getpid()).size() == others);
  CHECK_FALSE(process.Start());
  TextSink sink;
  const JqAnswer answer =
      process.Ask({.kind = JqRequest::Kind::kCheck}, {.expression = "."}, sink);
  CHECK_FALSE(answer.ended);
  CHECK_FALSE(answer.late);
}

// Evaluates without end, on a thread of its own.
[[noreturn]] void EvaluateForEver(bool forked_by_main) {
  JqProcess& process = *new JqProcess;
  if (forked_by_main) {
    process.Start();
  }
  std::thread([&process] {
    JqText text;
    text.Add("1", 1);
    TextSink sink;
    process.Ask({.kind = JqRequest::Kind::kEvaluate,
                 .most_bytes = 1U << 26U,
                 .microseconds = 60'000'000,
                 .most_items = 1},
                {.expression = "def f: f; f", .lines = text.bytes()}, sink);
  }).detach();
  while (true) {
    ::pause();
  }
}

// The orphans of such a child become ours.
TEST_CASE("who ends takes the process and its evaluations along") {
  REQUIRE(::prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
  const std::size_t others = ChildrenOf(::getpid()).size();
  for (const bool forked_by_main : {true, false}) {
    const pid_t child = ::fork();
    if (child == 0) {
      EvaluateForEver(forked_by_main);
    }
    std::vector<pid_t> keeper;
    REQUIRE(WaitUntil([&] {
      keeper = ChildrenOf(child);
      const std::vector<pid_t> nursery =
          keeper.empty() ? keeper : ChildrenOf(keeper.front());
      return !nursery.empty() && !ChildrenOf(nursery.front()).empty();
    }));
    // Whatever it is doing.
    REQUIRE(::kill(keeper.front(), SIGSTOP) == 0);
    REQUIRE(::kill(child, SIGKILL) == 0);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    CHECK(WaitUntil([&] {
      while (ChildrenOf(::getpid()).size() > others &&
             ::waitpid(-1, nullptr, WNOHANG) > 0) {
      }
      return ChildrenOf(::getpid()).size() == others;
    }));
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

}  // namespace
}  // namespace command_exporter
