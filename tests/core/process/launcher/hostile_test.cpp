// Programs that multiply, hop and hide, and the launcher's way with them.
#include <algorithm>
#include <csignal>

#include <catch2/catch.hpp>

#include "tests/core/process/launcher/hostile_programs.hpp"
#include "tests/core/process/launcher/launcher_driver.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

constexpr Duration kTimeout = 500ms;
// Timeout, grace and what a busy machine adds.
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

TEST_CASE("what a nameless daemon started dies with it, not with later runs") {
  LauncherDriver launcher(
      {Shell("(env -i /usr/bin/setsid /bin/sh -c '/bin/sleep 31 & wait'"
             " >/dev/null 2>&1 </dev/null &); sleep .1; echo hi"),
       Program({"/bin/sleep", "1"}), Program({"/bin/sleep", "30"})});
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
