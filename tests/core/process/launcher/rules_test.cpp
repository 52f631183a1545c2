// The rules without processes: whose orphan it is, when a run may start.
#include <vector>

#include <catch2/catch.hpp>

#include "core/process/admission.hpp"
#include "core/process/orphan_rule.hpp"
#include "core/process/run_command.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

// Runs 1 and 2 go on, run 3 is ending; 4 was the last one started and is over.
const std::vector<RunOnStage> kRuns = {
    {1, 100, false}, {2, 200, false}, {3, 300, true}};

struct Case {
  const char* what;
  OrphanFacts orphan;
  std::optional<std::uint64_t> owner;
  OrphanFate fate;
};

TEST_CASE("an orphan is given to its run by session, marker and epoch") {
  const auto none = std::nullopt;
  const std::vector<Case> cases = {
      {"session of a live run", {100, none, 4}, 1, OrphanFate::kLeave},
      {"session of an ending run", {300, none, 4}, 3, OrphanFate::kKill},
      {"session before marker", {200, 3, 4}, 2, OrphanFate::kLeave},
      {"marker of a live run", {999, 2, 4}, 2, OrphanFate::kLeave},
      {"marker of an ending run", {999, 3, 4}, 3, OrphanFate::kKill},
      {"marker of a run that is over", {999, 4, 4}, none, OrphanFate::kKill},
      {"neither, three may own it", {999, none, 4}, none, OrphanFate::kLeave},
      {"neither, one may own it", {999, none, 1}, 1, OrphanFate::kLeave},
      {"neither, older than all runs", {999, none, 0}, none, OrphanFate::kKill},
  };
  for (const Case& each : cases) {
    CAPTURE(each.what);
    const auto owner = OwnerOf(each.orphan, kRuns);
    CHECK(owner == each.owner);
    CHECK(FateOf(each.orphan, owner, kRuns) == each.fate);
  }
}

TEST_CASE("a nameless orphan dies when all who may own it have ended") {
  const OrphanFacts orphan{999, std::nullopt, 2};
  const auto owner = OwnerOf(orphan, kRuns);
  CHECK_FALSE(owner.has_value());
  std::vector<RunOnStage> runs = kRuns;
  runs.push_back({5, 500, false});  // started later: not a candidate
  CHECK(FateOf(orphan, owner, runs) == OrphanFate::kLeave);
  runs[0].ending = true;
  CHECK(FateOf(orphan, owner, runs) == OrphanFate::kLeave);
  runs[1].ending = true;
  CHECK(FateOf(orphan, owner, runs) == OrphanFate::kKill);
  CHECK(FateOf(orphan, owner, {}) == OrphanFate::kKill);
}

TEST_CASE("a nameless orphan is no child of runs that started after it") {
  const std::vector<RunOnStage> runs = {
      {1, 100, true, 10ms}, {2, 200, false, 20ms}, {3, 300, false, 30ms}};
  CHECK(LastRunBefore(9ms, runs) == 0);
  CHECK(LastRunBefore(20ms, runs) == 2);
  CHECK(LastRunBefore(29ms, runs) == 2);
  CHECK(LastRunBefore(99ms, runs) == 3);
  CHECK(LastRunBefore(99ms, {}) == 0);
}

TEST_CASE("an owned orphan dies when its run has gone") {
  const OrphanFacts orphan{100, std::nullopt, 4};
  const std::vector<RunOnStage> runs = {{2, 200, false}};
  CHECK(FateOf(orphan, 1, runs) == OrphanFate::kKill);
  CHECK(FateOf(orphan, 1, kRuns) == OrphanFate::kLeave);
}

std::optional<std::uint64_t> Marker(std::initializer_list<const char*> list) {
  std::string environment;
  for (const char* const variable : list) {
    environment += variable;
    environment += '\0';
  }
  return FindMarker(environment, "COMMAND_EXPORTER_RUN=12.");
}

TEST_CASE("the marker is found in an environment") {
  CHECK(Marker({"COMMAND_EXPORTER_RUN=12.7"}) == 7U);
  CHECK(Marker({"A=1", "B=", "COMMAND_EXPORTER_RUN=12.18446744073709551615",
                "C=3"}) == 18446744073709551615U);
  CHECK_FALSE(Marker({}));
  CHECK_FALSE(Marker({"A=1"}));
  CHECK_FALSE(Marker({"COMMAND_EXPORTER_RUN=13.7"}));
  CHECK_FALSE(Marker({"XCOMMAND_EXPORTER_RUN=12.7"}));
  CHECK_FALSE(Marker({"COMMAND_EXPORTER_RUN=12."}));
  CHECK_FALSE(Marker({"COMMAND_EXPORTER_RUN=12.7x"}));
  CHECK_FALSE(Marker({"COMMAND_EXPORTER_RUN=12.99999999999999999999"}));
  CHECK(FindMarker("COMMAND_EXPORTER_RUN=12.7", "COMMAND_EXPORTER_RUN=12.") ==
        7U);
  CHECK(FindMarker(std::string_view("\0\0COMMAND_EXPORTER_RUN=12.7\0", 28),
                   MarkerPrefix(12)) == 7U);
}

CommandSpec Named(const char* name, const char* argument) {
  CommandSpec spec;
  spec.name = name;
  spec.argv = {"/bin/echo", argument};
  spec.paths = {"/bin/echo"};
  return spec;
}

struct Waiting {
  explicit Waiting(std::vector<CommandSpec> commands)
      : generation(std::make_shared<Generation>(
            CommandTable{1, std::move(commands)})) {}

  void Add(std::uint32_t command, std::uint64_t job, Deadline start_by = {}) {
    queue.Add({job, generation->Find(command), generation, 1s, start_by});
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
  CHECK(waiting.queue.size() == 5);
  CHECK(waiting.queue.NextDeadline() == Deadline(Clock::time_point{1s}));
  CHECK(waiting.Next() == 1);
  CHECK(waiting.Next() == 5);
  CHECK(waiting.queue.NextDeadline().IsNever());
  CHECK(waiting.Next() == 2);
  CHECK(waiting.queue.Take([](const WaitingRun& run) { return run.job == 4; })
            .has_value());
  CHECK(waiting.Next() == 3);
  CHECK(waiting.Next() == 0);
  CHECK(waiting.queue.size() == 0);
}

TEST_CASE("the same command in two generations has one identity") {
  Generation one({1, {Named("a", "1"), Named("a", "2"), Named("b", "1")}});
  Generation two({2, {Named("b", "1"), Named("a", "1")}});
  CHECK(one.Find(0)->identity() == two.Find(1)->identity());
  CHECK(one.Find(2)->identity() == two.Find(0)->identity());
  CHECK(one.Find(0)->identity() != one.Find(1)->identity());
  CHECK(one.Find(0)->collector() == one.Find(1)->collector());
  CHECK(one.Find(0)->identity() != one.Find(2)->identity());
  CHECK(one.Find(3) == nullptr);
  CommandSpec other = Named("a", "1");
  other.environment = {"target=x"};
  Generation three({3, {other}});
  CHECK(three.Find(0)->identity() != one.Find(0)->identity());
}

TEST_CASE("runs start up to twice the processors, then by load, to the limit") {
  Waiting waiting({Named("a", "1")});
  waiting.Add(0, 1);
  const Clock::time_point now{100s};
  const auto idle = [] { return 2; };
  const auto busy = [] { return 3; };
  AdmissionPolicy policy(2, 10);
  CHECK(policy.MayStart(0, waiting.queue, now, busy));
  CHECK(policy.MayStart(3, waiting.queue, now, busy));
  CHECK_FALSE(policy.MayStart(4, waiting.queue, now, busy));
  CHECK(policy.MayStart(4, waiting.queue, now, idle));
  CHECK(policy.MayStart(9, waiting.queue, now, idle));
  CHECK_FALSE(policy.MayStart(10, waiting.queue, now, idle));
  AdmissionPolicy narrow(8, 3);
  CHECK(narrow.MayStart(2, waiting.queue, now, busy));
  CHECK_FALSE(narrow.MayStart(3, waiting.queue, now, idle));
  const AdmissionQueue empty;
  CHECK_FALSE(policy.MayStart(0, empty, now, idle));
}

TEST_CASE("on a busy host the queue still empties before its deadline") {
  Waiting waiting({Named("a", "1")});
  const Clock::time_point start{100s};
  const Deadline start_by(start + 4s);
  for (std::uint64_t job = 1; job <= 100; ++job) {
    waiting.Add(0, job, start_by);
  }
  AdmissionPolicy policy(2, 1000);
  const auto busy = [] { return 50; };
  std::size_t running = 4;
  for (int step = 0; step <= 3000 && waiting.queue.size() > 0; ++step) {
    const auto now = start + step * 1ms;
    while (policy.MayStart(running, waiting.queue, now, busy)) {
      waiting.Next();
      ++running;
    }
    if (step == 100) {
      CHECK(waiting.queue.size() > 80);  // not all at once either
    }
  }
  CHECK(waiting.queue.size() <= 1);
}

}  // namespace
}  // namespace command_exporter
