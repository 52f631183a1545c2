// The keeper of jq's nurseries: what it has, what its own troubles cost.
#include "core/jq/jq_keeper.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <iterator>
#include <string>

#include <catch2/catch.hpp>

#include "core/jq/jq_process.hpp"
#include "core/jq/jq_program.hpp"
#include "tests/core/jq/evaluations.hpp"

namespace command_exporter {
namespace {

using std::chrono::seconds;

// Of one text by `.`.
JqAnswer Evaluate(JqProcess& process) {
  JqText text;
  text.Add("1", 1);
  TextSink sink;
  return process.Ask({.kind = JqRequest::Kind::kEvaluate,
                      .most_bytes = 1U << 26U,
                      .microseconds = 20'000'000,
                      .most_items = 1},
                     {.expression = ".", .lines = text.bytes()}, sink);
}

std::string Message(JqProcess& process) {
  const JqProgram program(process, ".", {});
  JqText text;
  text.Add("1", 1);
  TextSink sink;
  const auto failure =
      program.Evaluate(text, sink, {.time = std::chrono::seconds{20}});
  return failure ? failure->message : "";
}

TEST_CASE("the keeper has its socket, and forks a nursery when one is needed") {
  JqProcess process;
  REQUIRE(process.Start());
  const pid_t keeper = KeeperPid();
  using Iterator = std::filesystem::directory_iterator;
  // The standard ones, and the end of its nursery as a descriptor.
  CHECK(WaitUntil([&] {
    return std::distance(Iterator("/proc/" + std::to_string(keeper) + "/fd"),
                         Iterator()) == 5;
  }));
  CHECK(ChildrenOf(keeper).empty());
  CHECK(Evaluate(process).ended);
  CHECK(ChildrenOf(keeper).size() == 1);
  // Nothing of a nursery that died stays, though nobody asks for another.
  REQUIRE(::kill(NurseryPid(), SIGKILL) == 0);
  CHECK(WaitUntil([&] { return ChildrenOf(keeper).empty(); }));
}

TEST_CASE("a keeper that died is not replaced, and each evaluation tells") {
  JqProcess process;
  CHECK(Evaluate(process).ended);
  const pid_t nursery = NurseryPid();
  REQUIRE(::kill(KeeperPid(), SIGKILL) == 0);
  CHECK(WaitUntil([nursery] { return ::kill(nursery, 0) != 0; }));
  for (int i = 0; i < 3; ++i) {
    CHECK(Message(process) ==
          "jq's process cannot be used (the process that starts it was killed, "
          "so restart the exporter); look at the limits of the exporter's "
          "service: TasksMax=, LimitNOFILE= and memory");
  }
  CHECK(process.Start());  // it was there
  process.Stop();
  CHECK(ChildrenOf(::getpid()).empty());
}

TEST_CASE("while the keeper is stopped nobody waits for it for long") {
  JqProcess process;
  CHECK(Evaluate(process).ended);
  const pid_t nursery = NurseryPid();
  const pid_t keeper = KeeperPid();
  REQUIRE(::kill(keeper, SIGSTOP) == 0);
  // The nursery that is there serves on.
  CHECK(Evaluate(process).ended);
  REQUIRE(::kill(nursery, SIGKILL) == 0);
  const Clock::time_point began = Clock::now();
  CHECK(WaitUntil([&] { return Evaluate(process).late; }));
  CHECK(Clock::now() - began < seconds{20});
  REQUIRE(::kill(keeper, SIGCONT) == 0);
  CHECK(WaitUntil([&] { return Evaluate(process).ended; }));
  CHECK(ChildrenOf(keeper).size() == 1);
}

TEST_CASE("a keeper that is stopped ends with its process") {
  JqProcess process;
  CHECK(Evaluate(process).ended);
  REQUIRE(::kill(KeeperPid(), SIGSTOP) == 0);
  process.Stop();
  CHECK(ChildrenOf(::getpid()).empty());
}

// Runs in a child, since root has as many processes as it wants. 0: all was as
// it should be; else the number of the step that was not.
int AskWithoutAFreeProcess() {
  constexpr uid_t kNobody = 65534;
  if (::geteuid() == 0 && ::setresuid(kNobody, kNobody, kNobody) != 0) {
    return 1;
  }
  JqProcess process;
  if (!process.Start()) {
    return 2;
  }
  const pid_t keeper = KeeperPid();
  rlimit before{};
  ::prlimit(keeper, RLIMIT_NPROC, nullptr, &before);
  const rlimit none{0, before.rlim_max};
  if (::prlimit(keeper, RLIMIT_NPROC, &none, nullptr) != 0) {
    return 3;
  }
  for (int i = 0; i < 3; ++i) {
    if (Evaluate(process).trouble != "Resource temporarily unavailable") {
      return 4;
    }
  }
  ::prlimit(keeper, RLIMIT_NPROC, &before, nullptr);
  return WaitUntil([&] { return Evaluate(process).ended; }) ? 0 : 5;
}

TEST_CASE("a keeper without a free process tells why, and has one later") {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(AskWithoutAFreeProcess());
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

}  // namespace
}  // namespace command_exporter
