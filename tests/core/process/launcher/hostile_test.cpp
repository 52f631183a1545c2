// Programs that multiply, change their session and hide, and the launcher's
// reaction.
#include <algorithm>
#include <array>
#include <csignal>
#include <set>

#include <catch2/catch.hpp>

#include "tests/core/process/launcher/hostile_programs.hpp"
#include "tests/core/process/launcher/launcher_driver.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

constexpr Duration kTimeout = 500ms;
// Timeout, grace and the delay of a busy machine.
constexpr double kEnded = 0.5 + 0.3 + 1.2;

void CheckGone(const std::string& program, double ended = kEnded) {
  CAPTURE(program);
  LauncherDriver launcher({Hostile(program)});
  const TestRun& run = launcher.Run(0, kTimeout);
  CHECK(run.done->ending == Ending::kTimedOut);
  CHECK(run.done_after < ended);
  CHECK(launcher.Left() == "");
}

TEST_CASE("a bounded fork tree is gone with its run") {
  CheckGone("bush");
}

TEST_CASE("256 sessions below each other are gone with their run") {
  CheckGone("tree");
}

TEST_CASE("subreapers below subreapers are gone with their run") {
  CheckGone("nest");
}

TEST_CASE("a process that hops from session to session is caught") {
  LauncherDriver launcher({Hostile("hop")});
  const TestRun& run = launcher.Run(0, kTimeout);
  // The leader ends with its first hop.
  CHECK((run.done->ending == Ending::kExited ||
         run.done->ending == Ending::kTimedOut));
  CHECK(run.done_after < kEnded);
  CHECK(launcher.Left() == "");
}

// At each moment one of two other runs is live, so that by time alone the
// hopper could belong to a live run without end.
TEST_CASE("a hopper without environment dies though other runs overlap") {
  LauncherDriver launcher({Hostile("hop_nameless"), Shell("sleep .4; echo a"),
                           Shell("sleep .4; echo b")});
  std::array<std::uint64_t, 2> others{launcher.Start(1, 5s), 0};
  launcher.Serve(200ms);
  others[1] = launcher.Start(2, 5s);
  const TestRun& hopper = launcher.Run(0, kTimeout);
  CHECK(hopper.done_after < kEnded);
  CHECK(hopper.done->leftovers >= 1);
  for (int i = 0; i < 4; ++i) {
    std::uint64_t& other = others.at(static_cast<std::size_t>(i) % 2);
    CHECK(launcher.Wait(other).done->code == 0);
    other = launcher.Start(static_cast<std::uint32_t>(i % 2) + 1, 5s);
  }
  CHECK(launcher.Stats().orphans_nameless == 0);
  for (const std::uint64_t other : others) {
    CHECK(launcher.Wait(other).done->leftovers == 0);
  }
  CHECK(launcher.Left() == "");
}

TEST_CASE("a process that unshares its PIDs or its user is gone with its run") {
  NEEDS(pid_namespace);
  NEEDS(user_namespace);
  LauncherDriver launcher(
      {Program({"/usr/bin/unshare", "-pf", "/bin/sleep", "31"}),
       Program({"/usr/bin/unshare", "-Urpf", "--mount-proc", "/bin/sh", "-c",
                "(env -i /usr/bin/setsid /bin/sleep 31 >/dev/null 2>&1 &);"
                "trap '' TERM; sleep 32; sleep 33"})});
  const auto one = launcher.Start(0, kTimeout);
  const auto two = launcher.Start(1, kTimeout);
  CHECK(launcher.Wait(one).done->ending == Ending::kTimedOut);
  CHECK(launcher.Wait(two).done->ending == Ending::kTimedOut);
  CHECK(launcher.Left() == "");
}

TEST_CASE("a storm of orphans delays neither its end nor other runs") {
  std::vector<CommandSpec> commands{Program({"/bin/true"})};
  for (int i = 0; i < 3; ++i) {
    commands.push_back(Hostile("storm"));
    commands.back().name += std::to_string(i);
  }
  LauncherDriver launcher(commands);
  std::vector<std::uint64_t> storms;
  for (std::uint32_t i = 1; i < commands.size(); ++i) {
    storms.push_back(launcher.Start(i, 1s));
  }
  launcher.Serve(200ms);
  const TestRun& run = launcher.Run(0);
  CHECK(run.done->ending == Ending::kExited);
  for (const std::uint64_t storm : storms) {
    const TestRun& end = launcher.Wait(storm);
    CHECK(end.timed_out.value_or(99) < 2);
    CHECK(end.done_after < 4);
  }
  CHECK(launcher.Left() == "");
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// Under a sanitizer 5,000 processes need too much time and memory.
// The launcher is stopped meanwhile, so that it finds all of the dead at once,
// and those of the crowd first.
TEST_CASE("a run with one orphan does not wait behind another's thousands") {
  LauncherDriver launcher(
      {Hostile("crowd"), Shell("setsid sleep 31 </dev/null >/dev/null 2>&1 &"
                               "echo here; exec sleep 31")});
  const auto crowd = launcher.Start(0, 19s);
  const auto one = launcher.Start(1, 19s);
  launcher.Serve(15s, [&] {
    return !launcher.Look(crowd).out.empty() && !launcher.Look(one).out.empty();
  });
  REQUIRE(launcher.Look(crowd).out == "here\n");
  REQUIRE(launcher.Look(one).out == "here\n");
  ::kill(launcher.pid(), SIGSTOP);
  for (const auto job : {crowd, one}) {
    ::kill(-launcher.Look(job).pid, SIGKILL);
    launcher.Serve(10s, [&] { return !launcher.Look(job).out_end; });
    REQUIRE_FALSE(launcher.Look(job).out_end);
  }
  ::kill(launcher.pid(), SIGCONT);
  const double one_after = launcher.Wait(one).done_after;
  const TestRun& other = launcher.Wait(crowd);
  CHECK(one_after < other.done_after);
  CHECK(other.done->leftovers > 0);
  CHECK(launcher.Left() == "");
}
#endif

TEST_CASE("what a nameless daemon started dies with it, not with later runs") {
  LauncherDriver launcher(
      {Shell("(env -i /usr/bin/setsid /bin/sh -c '/bin/sleep 31 & wait'"
             " >/dev/null 2>&1 </dev/null &); sleep .1; echo hi"),
       Program({"/bin/sleep", "1"}), Program({"/bin/sleep", "30"})},
      WithoutTags());
  const auto other = launcher.Start(1, 20s);
  launcher.Serve(50ms);
  CHECK(launcher.Run(0).out == "hi\n");
  const auto later = launcher.Start(2, 29s);
  CHECK(launcher.Wait(other).done->code == 0);
  launcher.Serve(200ms);
  CHECK(DescendantsOf({launcher.pid()}) ==
        std::set<pid_t>{launcher.Look(later).pid});
  launcher.Cancel(later);
  CHECK(launcher.Wait(later).done->leftovers == 0);
  CHECK(launcher.Left() == "");
}

}  // namespace
}  // namespace command_exporter
