// The rules of admission alone: turns, places, pace. No process, no clock.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/process/launcher/admission_policy.hpp"
#include "tests/core/process/launcher/command_specs.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using Verdict = AdmissionPolicy::Verdict;

// Waiting commands whose collector is the first word, and their queue.
struct Waiting {
  explicit Waiting(const std::vector<const char*>& collectors) {
    CommandTable table{1, {}};
    for (const char* const collector : collectors) {
      table.commands.push_back(
          Program({"/bin/echo", std::to_string(table.commands.size())}));
      table.commands.back().name = collector;
    }
    generation = std::make_shared<Generation>(std::move(table));
  }

  void Add(std::uint32_t command, std::uint64_t job, Deadline start_by = {},
           Clock::time_point queued_at = {}, Duration timeout = 1s) {
    queue.Add({job, generation->Find(command), generation, timeout, queued_at,
               start_by});
  }

  std::uint64_t CollectorOf(std::uint32_t command) const {
    return generation->Find(command)->collector();
  }

  std::uint64_t Next() {
    const auto run = queue.Take([](const WaitingRun&) { return true; });
    return run ? run->job : 0;
  }

  std::shared_ptr<Generation> generation;
  AdmissionQueue queue;
};

bool All(const WaitingRun& /*run*/) {
  return true;
}

TEST_CASE("collectors take turns") {
  Waiting waiting({"a", "a", "b"});
  for (std::uint64_t job = 1; job <= 3; ++job) {
    waiting.Add(0, job);
  }
  waiting.Add(1, 4);
  waiting.Add(2, 5, Deadline(Clock::time_point{1s}));
  CHECK(waiting.generation->collectors().size() == 2);
  CHECK(waiting.queue.size() == 5);
  CHECK(waiting.queue.NextStartBy() == Deadline(Clock::time_point{1s}));
  CHECK(waiting.Next() == 1);
  CHECK(waiting.Next() == 5);
  CHECK(waiting.queue.NextStartBy().IsNever());
  CHECK(waiting.Next() == 2);
  const auto is_four = [](const WaitingRun& run) { return run.job == 4; };
  CHECK(waiting.queue.Count(is_four).count == 1);
  CHECK(waiting.queue.Take(is_four).has_value());
  CHECK(waiting.queue.Count(is_four).count == 0);
  CHECK(waiting.Next() == 3);
  CHECK(waiting.Next() == 0);
  CHECK(waiting.queue.size() == 0);
}

TEST_CASE("who is removed has not had its collector's turn") {
  Waiting waiting({"a", "b"});
  waiting.Add(0, 1);
  waiting.Add(0, 2);
  waiting.Add(1, 3);
  const auto is_one = [](const WaitingRun& run) { return run.job == 1; };
  CHECK(waiting.queue.Remove(is_one).has_value());
  CHECK_FALSE(waiting.queue.Remove(is_one).has_value());
  CHECK(waiting.queue.size() == 2);
  CHECK(waiting.Next() == 2);
  CHECK(waiting.Next() == 3);
}

TEST_CASE("who may start later is wanted later") {
  Waiting waiting({"a"});
  const Clock::time_point now{100s};
  waiting.Add(0, 1, Deadline(now + 8s), now);
  CHECK(waiting.queue.Count(All).wanted_by == Deadline(now + 2s));
  waiting.queue.Extend(1, Deadline(now + 40s));
  CHECK(waiting.queue.NextStartBy() == Deadline(now + 40s));
  CHECK(waiting.queue.Count(All).wanted_by == Deadline(now + 10s));
  waiting.queue.Extend(1, Deadline(now + 4s));  // never to an earlier time
  CHECK(waiting.queue.NextStartBy() == Deadline(now + 40s));
}

TEST_CASE("runs start up to twice the processors, then by load, to the limit") {
  const Clock::time_point now{100s};
  const auto decide = [now](AdmissionPolicy& policy, std::size_t running,
                            int runnable) {
    Waiting waiting({"a"});
    waiting.Add(0, 1);
    const auto decision = policy.Decide(running, {waiting.queue, All, All}, now,
                                        [runnable] { return runnable; });
    CHECK(decision.run.has_value() == (decision.verdict == Verdict::kStart));
    return decision.verdict;
  };
  AdmissionPolicy policy(2, 10);
  CHECK(decide(policy, 0, 3) == Verdict::kStart);
  CHECK(decide(policy, 3, 3) == Verdict::kStart);
  CHECK(decide(policy, 4, 3) == Verdict::kBusyHost);
  CHECK(decide(policy, 4, 2) == Verdict::kStart);
  CHECK(decide(policy, 9, 2) == Verdict::kStart);
  CHECK(decide(policy, 10, 2) == Verdict::kFull);
  AdmissionPolicy narrow(8, 3);
  CHECK(decide(narrow, 2, 3) == Verdict::kStart);
  CHECK(decide(narrow, 3, 2) == Verdict::kFull);
}

TEST_CASE("the last places are kept for collectors of which nothing runs") {
  const AdmissionPolicy policy(2, 128);
  CHECK(policy.KeptPlaces(0) == 0);
  CHECK(policy.KeptPlaces(3) == 3);
  CHECK(policy.KeptPlaces(1000) == 32);
  CHECK(AdmissionPolicy(2, 3).KeptPlaces(1000) == 0);
}

TEST_CASE("the pace begins anew when nothing could start") {
  Waiting waiting({"a", "b"});
  AdmissionPolicy policy(2, 128);
  const Clock::time_point start{100s};
  const auto free = [&waiting](const WaitingRun& run) {
    return run.command == waiting.generation->Find(1);
  };
  const auto busy = [] { return 5; };
  waiting.Add(0, 1, Deadline(start + 10s), start);
  const auto decide = [&](Clock::time_point now) {
    return policy.Decide(4, {waiting.queue, free, free}, now, busy).verdict;
  };
  CHECK(decide(start) == Verdict::kNoneFree);
  const Clock::time_point later = start + 5s;
  for (std::uint64_t job = 2; job <= 101; ++job) {
    waiting.Add(1, job, Deadline(later + 10s), later);
  }
  CHECK(decide(later) == Verdict::kBusyHost);
  CHECK(decide(later + 50ms) == Verdict::kStart);
}

TEST_CASE("who waited for a place does not wait for the pace as well") {
  Waiting waiting({"matrix", "free"});
  AdmissionPolicy policy(2, 16);
  const Clock::time_point start{100s};
  for (std::uint64_t job = 1; job <= 100; ++job) {
    waiting.Add(0, job, Deadline(start + 10s), start);
  }
  // The last places are kept from the matrix.
  const auto may = [](const WaitingRun& run) { return run.job > 100; };
  const auto decide = [&](std::size_t running, Clock::time_point now) {
    return policy
        .Decide(running, {waiting.queue, All, may}, now, [] { return 5; })
        .verdict;
  };
  CHECK(decide(16, start) == Verdict::kFull);
  CHECK(decide(15, start + 1s) == Verdict::kNoneFree);
  waiting.Add(1, 101, Deadline(start + 11s), start + 1s);
  CHECK(decide(15, start + 1s) == Verdict::kStart);
}

TEST_CASE("those that wait in the web side count for the pace") {
  for (const std::size_t behind : {std::size_t{0}, std::size_t{900}}) {
    Waiting waiting({"matrix"});
    AdmissionPolicy policy(2, 128);
    const Clock::time_point start{100s};
    for (std::uint64_t job = 1; job <= 100; ++job) {
      waiting.Add(0, job, Deadline(start + 40s), start);
    }
    const auto decide = [&](Clock::time_point now) {
      return policy
          .Decide(4, {waiting.queue, All, All, behind}, now, [] { return 5; })
          .verdict;
    };
    CHECK(decide(start) == Verdict::kBusyHost);
    // 100, or 1,000, in a quarter of 40 s.
    CHECK(decide(start + 15ms) ==
          (behind == 0 ? Verdict::kBusyHost : Verdict::kStart));
    CHECK(decide(start + 120ms) == Verdict::kStart);
  }
}

TEST_CASE("what a collector needs is learnt from its own runs") {
  ProcessorNeeds needs;
  const auto run = [&needs](std::uint64_t collector, Duration cpu,
                            Ending ending) {
    needs.Started(1, collector);
    needs.Ended(EndOf(1, cpu, ending));
  };
  CHECK(needs.Of(7) == ProcessorNeeds::kUnknown);
  run(7, 9s, Ending::kNotStarted);
  CHECK(needs.Of(7) == ProcessorNeeds::kUnknown);
  CHECK(needs.size() == 0);
  run(7, 1s, Ending::kExited);
  CHECK(needs.Of(7) == 1s);
  run(7, 3s, Ending::kSignaled);
  CHECK(needs.Of(7) == 1500ms);
  run(7, 100ms, Ending::kTimedOut);
  CHECK(needs.Of(7) == 1500ms);
  run(7, 1s, Ending::kCancelled);
  CHECK(needs.Of(7) == 2s);
  CHECK(needs.Of(8) == ProcessorNeeds::kUnknown);
  needs.Ended(EndOf(4711, 1s));  // unknown job
  CHECK(needs.size() == 1);
  needs.KeepOnly({8});
  CHECK(needs.size() == 0);
}

}  // namespace
}  // namespace command_exporter
