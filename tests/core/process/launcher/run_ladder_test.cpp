// The states of a run, with a clock that the test moves.
#include "core/process/launcher/run_ladder.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/core/process/launcher/command_specs.hpp"
#include "tests/core/process/launcher/kernel_sleeper.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

class Reports : public RunSink {
 public:
  void Started(const Run& /*run*/) override {}

  void TimedOut(std::uint64_t /*job*/) override { ++timed_out; }

  void Diagnosed(std::uint64_t /*job*/,
                 const StartDiagnosis& /*found*/) override {}

  void Ended(const DoneMessage& end) override { ends.push_back(end.ending); }

  void Released(std::uint64_t /*job*/) override { ++released; }

  int timed_out{};
  int released{};
  std::vector<Ending> ends{};
};

// A ladder and one run on it, whose leader is a child of the test.
class Rig {
 public:
  explicit Rig(pid_t leader) {
    spec_.grace = 1s;
    run.command = &command_;
    run.leader = leader;
    run.started = now;
    run.timer = Deadline(now + 5s);
  }

  // It has just been killed.
  void Kill(RunState state) {
    run.state = state;
    run.timer = Deadline(now);
    run.patience = Deadline(now + 5s);
  }

  // Lets the run's timer expire.
  void Expire() {
    now = std::max(now, run.timer.at());
    ladder.OnTimer(run, now);
  }

  Reports reports{};
  Run run{};
  Clock::time_point now{Clock::now()};

 private:
  OrphanTable orphans_{};
  CommandSpec spec_{Program({"/bin/sleep", "31"})};
  RunCommand command_{spec_};

 public:
  RunLadder ladder{reports, orphans_, RunWatch(-1, 0)};
};

// Ends with its group, as a leader does.
pid_t StartChild() {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::setsid();
    for (;;) {
      ::pause();
    }
  }
  return pid;
}

TEST_CASE("a run goes from its timeout over TERM and KILL to its end") {
  Rig rig(StartChild());
  rig.Expire();
  CHECK(rig.run.state == RunState::kTerminating);
  CHECK(rig.reports.timed_out == 1);
  CHECK(rig.run.timer.at() == rig.now + 1s);
  rig.Expire();
  CHECK(rig.run.state == RunState::kKilling);
  CHECK(rig.ladder.TakeChange());
  CHECK_FALSE(rig.ladder.TakeChange());
  CHECK_FALSE(rig.ladder.LeaderExited(rig.run));
  int status = 0;
  CHECK(::waitpid(rig.run.leader, &status, 0) == rig.run.leader);
  rig.run.status = status;
  rig.run.reaped = true;
  rig.ladder.LeaderReaped(rig.run, false, rig.now);
  CHECK(rig.run.state == RunState::kClearing);
  rig.ladder.Finish(rig.run);
  CHECK(rig.reports.timed_out == 1);
  CHECK(rig.reports.ends == std::vector{Ending::kTimedOut});
  CHECK(rig.reports.released == 0);
}

TEST_CASE("a run is stuck when it is in one sleep at two looks") {
  const KernelSleeper sleeper;
  REQUIRE(sleeper.asleep());
  Rig rig(sleeper.pid());
  rig.Kill(RunState::kKilling);
  rig.Expire();
  CHECK(rig.run.state == RunState::kKilling);
  rig.Expire();
  CHECK(rig.run.state == RunState::kStuck);
  CHECK(rig.ladder.stuck() == 1);
  CHECK(rig.reports.ends == std::vector{Ending::kStuck});
  rig.ladder.Finish(rig.run);
  CHECK(rig.ladder.stuck() == 0);
  CHECK(rig.reports.ends.size() == 1);
  CHECK(rig.reports.released == 1);
}

// As one of hundreds that die at once and wait for each other's locks.
TEST_CASE("a run that sleeps anew at each look is waited for") {
  KernelSleeper sleeper;
  Rig rig(sleeper.pid());
  rig.Kill(RunState::kClearing);
  for (int look = 0; look < 10; ++look) {
    REQUIRE(sleeper.asleep());
    rig.Expire();
    REQUIRE(rig.run.state == RunState::kClearing);
    CHECK(rig.ladder.TakeChange());
    sleeper.WakeOnce();
  }
  rig.now += 5s;
  rig.Expire();
  CHECK(rig.run.state == RunState::kStuck);
}

TEST_CASE("a flood is killed without grace, whatever state it is in") {
  Rig rig(StartChild());
  SECTION("while it runs") {
    rig.ladder.Cancel(rig.run, CancelCause::kOutputLimit, rig.now);
    CHECK(rig.run.cause == Ending::kOutputLimit);
  }
  SECTION("while it ends: the first cause stays") {
    rig.ladder.Cancel(rig.run, CancelCause::kCaller, rig.now);
    CHECK(rig.run.state == RunState::kTerminating);
    rig.ladder.Cancel(rig.run, CancelCause::kOutputLimit, rig.now);
    CHECK(rig.run.cause == Ending::kCancelled);
  }
  CHECK(rig.run.state == RunState::kKilling);
  int status = 0;
  CHECK(::waitpid(rig.run.leader, &status, 0) == rig.run.leader);
}

}  // namespace
}  // namespace command_exporter
