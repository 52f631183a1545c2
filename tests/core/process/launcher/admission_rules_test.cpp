// Admission's rules by themselves: turns, places, pace. No process, no clock.
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/process/admission.hpp"
#include "tests/core/process/launcher/command_specs.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using Verdict = AdmissionPolicy::Verdict;

CommandSpec Named(const char* name, const char* argument) {
  CommandSpec spec = Program({"/bin/echo", argument});
  spec.name = name;
  return spec;
}

struct Waiting {
  explicit Waiting(std::vector<CommandSpec> commands)
      : generation(std::make_shared<Generation>(
            CommandTable{1, std::move(commands)})) {}

  void Add(std::uint32_t command, std::uint64_t job, Deadline start_by = {},
           Deadline wanted_by = {}, Duration timeout = 1s) {
    queue.Add({job, generation->Find(command), generation, timeout, start_by,
               wanted_by});
  }

  std::uint64_t Next() {
    const auto run = queue.Take([](const WaitingRun&) { return true; });
    return run ? run->job : 0;
  }

  std::shared_ptr<Generation> generation;
  AdmissionQueue queue;
};

TEST_CASE("collectors take turns") {
  Waiting waiting({Named("a", "1"), Named("a", "2"), Named("b", "1")});
  for (std::uint64_t job = 1; job <= 3; ++job) {
    waiting.Add(0, job);
  }
  waiting.Add(1, 4);
  waiting.Add(2, 5, Deadline(Clock::time_point{1s}));
  CHECK(waiting.generation->collectors() == 2);
  CHECK(waiting.queue.size() == 5);
  CHECK(waiting.queue.NextStartBy() == Deadline(Clock::time_point{1s}));
  CHECK(waiting.Next() == 1);
  CHECK(waiting.Next() == 5);
  CHECK(waiting.queue.NextStartBy().IsNever());
  CHECK(waiting.Next() == 2);
  const auto is_four = [](const WaitingRun& run) { return run.job == 4; };
  CHECK(waiting.queue.Any(is_four));
  CHECK(waiting.queue.Take(is_four).has_value());
  CHECK_FALSE(waiting.queue.Any(is_four));
  CHECK(waiting.Next() == 3);
  CHECK(waiting.Next() == 0);
  CHECK(waiting.queue.size() == 0);
}

TEST_CASE("runs start up to twice the processors, then by load, to the limit") {
  Waiting waiting({Named("a", "1")});
  waiting.Add(0, 1);
  const Clock::time_point now{100s};
  const auto idle = [] { return 2; };
  const auto busy = [] { return 3; };
  AdmissionPolicy policy(2, 10);
  CHECK(policy.Decide(0, waiting.queue, now, busy) == Verdict::kStart);
  CHECK(policy.Decide(3, waiting.queue, now, busy) == Verdict::kStart);
  CHECK(policy.Decide(4, waiting.queue, now, busy) == Verdict::kBusyHost);
  CHECK(policy.Decide(4, waiting.queue, now, idle) == Verdict::kStart);
  CHECK(policy.Decide(9, waiting.queue, now, idle) == Verdict::kStart);
  CHECK(policy.Decide(10, waiting.queue, now, idle) == Verdict::kFull);
  AdmissionPolicy narrow(8, 3);
  CHECK(narrow.Decide(2, waiting.queue, now, busy) == Verdict::kStart);
  CHECK(narrow.Decide(3, waiting.queue, now, idle) == Verdict::kFull);
}

TEST_CASE("the last places are kept for collectors of which nothing runs") {
  const AdmissionPolicy policy(2, 128);
  CHECK(policy.KeptPlaces(0) == 0);
  CHECK(policy.KeptPlaces(3) == 3);
  CHECK(policy.KeptPlaces(1000) == 32);
  CHECK(AdmissionPolicy(2, 3).KeptPlaces(1000) == 0);
}

// Two processors that others keep busy; runs that need `cpu` of them, of which
// four end each `each`. How many have been started after a quarter of the time,
// and the most that ran at once.
struct Pressed {
  std::size_t started{};
  std::size_t most{};
};

Pressed StartOnBusyHost(Duration cpu, Duration each) {
  const Clock::time_point start{100s};
  const Deadline start_by(start + 8s);
  Waiting waiting({Named("a", "1")});
  for (std::uint64_t job = 1; job <= 100; ++job) {
    waiting.Add(0, job, start_by, WantedBy(start, start_by));
  }
  AdmissionPolicy policy(2, 1000);
  Pressed result;
  std::size_t running = 0;
  for (auto passed = 0ms; passed <= 2100ms; passed += 1ms) {
    for (int i = 0; passed % each == 0ms && i < 4 && running > 0; ++i) {
      --running;
      policy.Ended(cpu);
    }
    while (waiting.queue.size() > 0 &&
           policy.Decide(running, waiting.queue, start + passed,
                         [] { return 50; }) == Verdict::kStart) {
      waiting.Next();
      policy.Started();
      ++running;
      ++result.started;
    }
    result.most = std::max(result.most, running);
  }
  return result;
}

TEST_CASE("on a busy host sleepers start within a quarter of the time") {
  const Pressed pressed = StartOnBusyHost(1ms, 200ms);
  CHECK(pressed.started == 100);
  CHECK(pressed.most < 80);  // not all at once either
}

TEST_CASE("commands that compute are not pressed until all are too slow") {
  const Pressed pressed = StartOnBusyHost(80ms, 160ms);
  CHECK(pressed.most >= 10);
  CHECK(pressed.most <= 16);  // 16 × 80 ms on two processors: 0.64 s
}

}  // namespace
}  // namespace command_exporter
