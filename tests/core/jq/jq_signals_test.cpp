// A signal to an evaluation costs only that evaluation.
#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "core/jq/jq_process.hpp"
#include "core/jq/jq_program.hpp"
#include "tests/core/jq/evaluations.hpp"
#include "tests/support/test_jq.hpp"

namespace command_exporter {
namespace {

// The failure of an endless program whose evaluation gets the signal.
std::optional<Failure> FailureBySignal(int signal, const JqLimits& limits) {
  // The first use makes the nursery.
  REQUIRE(CheckJq(test::Jq(), ".").word == JqVerdict::kLegal);
  REQUIRE(WaitUntil([] { return Evaluators().empty(); }));
  const JqProgram endless(test::Jq(), "def f: f; f", {});
  std::optional<Failure> failure;
  std::thread user([&] {
    JqText text;
    text.Add("1", 1);
    TextSink sink;
    failure = endless.Evaluate(text, sink, limits);
  });
  CHECK(WaitUntil([signal] {
    const std::vector<pid_t> evaluators = Evaluators();
    return !evaluators.empty() && ::kill(evaluators.front(), signal) == 0;
  }));
  user.join();
  return failure;
}

TEST_CASE("a killed evaluation is distinguished from a defect") {
  const auto killed = FailureBySignal(SIGKILL, {});
  REQUIRE(killed);
  CHECK(killed->message.find("short of memory") != std::string::npos);
  // This signal has no name.
  const auto ended = FailureBySignal(SIGRTMIN, {});
  REQUIRE(ended);
  CHECK(ended->message.find("(signal 34)") != std::string::npos);
}

TEST_CASE("an evaluation that hangs ends alone") {
  REQUIRE(CheckJq(test::Jq(), ".").word == JqVerdict::kLegal);
  const pid_t nursery = NurseryPid();
  JqLimits limits;
  limits.time = std::chrono::milliseconds{100};
  const auto failure = FailureBySignal(SIGSTOP, limits);
  REQUIRE(failure);
  CHECK(failure->reason == Reason::kTimeout);
  CHECK(WaitUntil([&] { return ChildrenOf(nursery).empty(); }));
  CHECK(NurseryPid() == nursery);
  CHECK(CheckJq(test::Jq(), ".").word == JqVerdict::kLegal);
}

}  // namespace
}  // namespace command_exporter
