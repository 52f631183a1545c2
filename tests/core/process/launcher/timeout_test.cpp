// Timeouts and cancellation: TERM, grace, KILL, and nothing left.
#include <signal.h>

#include <array>

#include <catch2/catch.hpp>

#include "tests/core/process/launcher/launcher_driver.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

constexpr Duration kTimeout = 300ms;  // the grace is 300 ms too
constexpr double kAtTimeout = 0.3;
constexpr double kAtKill = 0.6;
constexpr double kSlack = 1.5;  // a busy machine

void CheckTimedOut(const TestRun& run, double done_from) {
  CHECK(run.done->ending == Ending::kTimedOut);
  REQUIRE(run.timed_out.has_value());
  CHECK(*run.timed_out >= kAtTimeout);
  CHECK(*run.timed_out < kAtTimeout + kSlack);
  CHECK(run.done_after >= done_from);
  CHECK(run.done_after < done_from + kSlack);
}

TEST_CASE(
    "a command that goes on is reported at its timeout and ended by TERM") {
  LauncherDriver launcher(
      {Program({"/bin/sleep", "31"}), Shell("sleep 31; true"),
       Shell("kill -STOP $$; sleep 31"), Shell("exec >&- 2>&-; sleep 31"),
       Shell("exec >&-; sleep 31")});
  // All at once: none delays another.
  std::vector<std::uint64_t> jobs;
  for (std::uint32_t command = 0; command < 5; ++command) {
    jobs.push_back(launcher.Start(command, kTimeout));
  }
  for (const auto job : jobs) {
    CAPTURE(job);
    CheckTimedOut(launcher.Wait(job), kAtTimeout);
  }
  CHECK(launcher.Left() == "");
}

TEST_CASE("a command that ignores TERM is killed after the grace") {
  LauncherDriver launcher(
      {Shell("trap '' TERM; sleep 31; sleep 31"),
       Shell("trap 'echo trapped' TERM; kill -STOP $$; sleep 31; sleep 31")});
  const auto ignoring = launcher.Start(0, kTimeout);
  const auto stopped = launcher.Start(1, kTimeout);
  CheckTimedOut(launcher.Wait(ignoring), kAtKill);
  CheckTimedOut(launcher.Wait(stopped), kAtTimeout);
  CHECK(launcher.Left() == "");
}

TEST_CASE("a grace of nothing means KILL at the timeout") {
  CommandSpec spec = Shell("trap '' TERM; sleep 31; sleep 31");
  spec.grace = 0ms;
  LauncherDriver launcher({spec});
  CheckTimedOut(launcher.Run(0, kTimeout), kAtTimeout);
  CHECK(launcher.Left() == "");
}

TEST_CASE("an exit status of 0 on TERM is still a timeout, output is kept") {
  LauncherDriver launcher(
      {Shell("trap 'echo bye; exit 0' TERM; sleep 31 & wait"),
       Shell("while :; do printf x; sleep .01; done")});
  const TestRun& polite = launcher.Run(0, kTimeout);
  CheckTimedOut(polite, kAtTimeout);
  CHECK(polite.out == "bye\n");
  const TestRun& drip = launcher.Run(1, kTimeout);
  CheckTimedOut(drip, kAtTimeout);
  CHECK_FALSE(drip.out.empty());
  CHECK(drip.out.find_first_not_of('x') == std::string::npos);
  CHECK(launcher.Left() == "");
}

TEST_CASE("what a command starts on TERM dies with it") {
  LauncherDriver launcher(
      {Shell("trap '(setsid sleep 31 &); exit' TERM; sleep 31 & wait"),
       Shell("trap '(setsid sleep 31 >/dev/null 2>&1 &)' TERM;"
             "sleep 31 & wait; sleep 31")});
  CheckTimedOut(launcher.Run(0, kTimeout), kAtTimeout);
  CheckTimedOut(launcher.Run(1, kTimeout), kAtTimeout);
  CHECK(launcher.Left() == "");
}

TEST_CASE("a tree of sessions is gone with its run") {
  // 2^6 processes, each in a session of its own.
  LauncherDriver launcher(
      {Shell("f() { if [ $1 -gt 0 ]; then for i in 1 2; do"
             "  setsid sh -c \"$S\" $(($1 - 1)) & done; fi; sleep 31; };"
             "export S='[ $0 -gt 0 ] && for i in 1 2; do"
             "  setsid sh -c \"$S\" $(($0 - 1)) & done; sleep 31';"
             "f 6")});
  const TestRun& run = launcher.Run(0, 1s);
  CHECK((run.done->ending == Ending::kTimedOut ||
         run.done->ending == Ending::kStuck));
  CHECK(launcher.Left() == "");
}

TEST_CASE("a cancelled command ends in whatever state it is") {
  LauncherDriver::Options options;
  options.max_concurrency = 1;
  LauncherDriver launcher(
      {Program({"/bin/sleep", "31"}), Shell("trap '' TERM; sleep 31; sleep 31"),
       Shell("sleep 31 & echo hi")},
      options);
  const auto running = launcher.Start(0, 20s);
  const auto waiting = launcher.Start(1, 20s);
  launcher.Serve(100ms);
  CHECK(launcher.Look(waiting).pid == 0);
  launcher.Cancel(waiting);
  const TestRun& never = launcher.Wait(waiting);
  CHECK(never.done->ending == Ending::kCancelled);
  CHECK(never.pid == 0);
  launcher.Cancel(running);
  launcher.Cancel(running);
  CHECK(launcher.Wait(running).done->ending == Ending::kCancelled);
  launcher.Cancel(running);

  const auto stubborn = launcher.Start(1, 20s);
  launcher.Serve(100ms);
  launcher.Cancel(stubborn);
  launcher.Serve(50ms);
  launcher.Cancel(stubborn, CancelCause::kOutputLimit);
  CHECK(launcher.Wait(stubborn).done->ending == Ending::kCancelled);

  const auto flooding = launcher.Start(1, 20s);
  launcher.Serve(100ms);
  launcher.Cancel(flooding, CancelCause::kOutputLimit);
  launcher.Cancel(flooding);  // it is being killed
  CHECK(launcher.Wait(flooding).done->ending == Ending::kOutputLimit);

  const auto lingering = launcher.Start(2, 20s);
  launcher.Serve(5s, [&] { return launcher.Look(lingering).out == "hi\n"; });
  launcher.Cancel(lingering);
  launcher.Cancel(lingering);  // its orphans are being killed
  CHECK(launcher.Wait(lingering).done_after < 5);
  CHECK(launcher.Left() == "");
}

TEST_CASE("a cancel at once, before the child's first step, ends it too") {
  std::vector<CommandSpec> commands;
  for (int i = 0; i < 40; ++i) {
    commands.push_back(Program({"/bin/sleep", "31"}));
    commands.back().name += std::to_string(i);
  }
  LauncherDriver launcher(commands);
  std::vector<std::uint64_t> jobs;
  for (std::uint32_t i = 0; i < commands.size(); ++i) {
    jobs.push_back(launcher.Start(i, 20s));
    launcher.Serve(5s, [&] { return launcher.Look(jobs.back()).pid != 0; });
    launcher.Cancel(jobs.back());
  }
  for (const auto job : jobs) {
    CHECK(launcher.Wait(job).done->ending == Ending::kCancelled);
  }
  CHECK(launcher.Left() == "");
}

TEST_CASE("the processor time of killed descendants is counted") {
  LauncherDriver launcher(
      {Shell("yes >/dev/null & setsid yes >/dev/null & wait")});
  const TestRun& run = launcher.Run(0, 500ms);
  CHECK(run.done->ending == Ending::kTimedOut);
  CHECK(run.done->cpu_ns > 100'000'000);
  CHECK(launcher.Left() == "");
}

// Runs until an orphan has used measurable processor time, which it reports
// itself.
const char* const kBurn =
    "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo burnt >&2; ";

TEST_CASE("the processor time of every orphan reaches its own run") {
  const std::string burn = kBurn;
  LauncherDriver launcher(
      {Shell("(env -i /usr/bin/setsid sh -c '" + burn +
             "exec sleep 31' &);"
             "sleep 31"),                                   // killed
       Shell("(setsid sh -c '" + burn + "' &); sleep 31"),  // ends before
       Shell("sleep 31")});
  std::array<std::uint64_t, 3> jobs{};
  for (std::uint32_t i = 0; i < jobs.size(); ++i) {
    jobs.at(i) = launcher.Start(i, 20s);
  }
  launcher.Serve(20s, [&] {
    return launcher.Look(jobs[0]).err == "burnt\n" &&
           launcher.Look(jobs[1]).err == "burnt\n";
  });
  launcher.Serve(100ms);
  for (const std::uint64_t job : jobs) {
    launcher.Cancel(job);
  }
  CHECK(launcher.Wait(jobs[0]).done->cpu_ns > 20'000'000);
  CHECK(launcher.Wait(jobs[1]).done->cpu_ns > 20'000'000);
  CHECK(launcher.Wait(jobs[2]).done->cpu_ns < 20'000'000);
  CHECK(launcher.Stats().orphans_cpu_ns == 0);
  CHECK(launcher.Left() == "");
}

TEST_CASE("the processor time of an orphan of nobody is counted as such") {
  const std::string burn = kBurn;
  LauncherDriver launcher({Shell("(env -i /usr/bin/setsid sh -c '" + burn +
                                 "exec sleep 31' &);"
                                 "sleep 31"),
                           Shell("sleep 31")},
                          WithoutTags());
  const auto other = launcher.Start(1, 20s);
  launcher.Serve(5s, [&] { return launcher.Look(other).pid != 0; });
  const auto job = launcher.Start(0, 20s);
  launcher.Serve(20s, [&] { return launcher.Look(job).err == "burnt\n"; });
  launcher.Cancel(job);
  CHECK(launcher.Wait(job).done->cpu_ns < 20'000'000);
  launcher.Cancel(other);
  launcher.Wait(other);
  CHECK(launcher.Left() == "");
  CHECK(launcher.Stats().orphans_cpu_ns > 20'000'000);
}

}  // namespace
}  // namespace command_exporter
