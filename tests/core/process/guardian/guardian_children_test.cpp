// The guardian's list of children.
#include "core/process/guardian/guardian_children.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>

#include <catch2/catch.hpp>

#include "tests/core/process/launcher/kernel_sleeper.hpp"

namespace command_exporter {
namespace {

pid_t Fork() {
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  return child;
}

TEST_CASE("only own children that are not reaped are killed") {
  GuardianChildren children;
  const pid_t child = Fork();
  const pid_t stranger = Fork();
  REQUIRE(child > 0);
  REQUIRE(stranger > 0);
  CHECK_FALSE(children.Kill(0));
  CHECK_FALSE(children.Kill(stranger));
  children.Adopt(child);
  CHECK(children.Kill(child));
  siginfo_t info{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) ==
          0);
  children.Reap();
  // Another process may get its pid now, although its status was not yet read.
  CHECK_FALSE(children.Kill(child));
  const auto status = children.TakeStatus(child);
  REQUIRE(status);
  CHECK(WIFSIGNALED(*status));
  CHECK(children.KillAllBut({}, Deadline::After(std::chrono::seconds{5})));
}

TEST_CASE("whom a living launcher did not inherit is spared at its death") {
  constexpr std::chrono::seconds kPatience{5};
  GuardianChildren children;
  const pid_t launcher = Fork();
  const pid_t stranger = Fork();
  REQUIRE(launcher > 0);
  REQUIRE(stranger > 0);
  children.Adopt(launcher);
  children.NoteStrangers({launcher}, launcher);
  REQUIRE(children.Kill(launcher));
  siginfo_t info{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(launcher), &info,
                   WEXITED | WNOWAIT) == 0);
  // It becomes our child when the launcher dies: it must not be taken for a
  // stranger.
  const pid_t leftover = Fork();
  REQUIRE(leftover > 0);
  children.NoteStrangers({launcher}, launcher);
  CHECK(children.KillAllBut({}, Deadline::After(kPatience)));
  CHECK(::kill(leftover, 0) != 0);
  CHECK(::kill(stranger, 0) == 0);
  REQUIRE(::kill(stranger, SIGKILL) == 0);
  CHECK(::waitpid(stranger, nullptr, 0) == stranger);
}

// As a loader that hangs on a mount: it is given up, not taken for a stranger.
TEST_CASE("a child that was given up is killed and counted at the end") {
  GuardianChildren children;
  const pid_t launcher = Fork();
  const pid_t given_up = Fork();
  REQUIRE(launcher > 0);
  REQUIRE(given_up > 0);
  children.Adopt(launcher);
  children.Adopt(given_up);
  children.Forget(given_up);
  children.NoteStrangers({launcher}, launcher);
  CHECK(children.KillAll(Deadline::After(std::chrono::seconds{5})).empty());
  CHECK(::kill(given_up, 0) != 0);
  CHECK(::kill(launcher, 0) != 0);
}

TEST_CASE("a given-up child keeps no sweep after a launcher's death going") {
  GuardianChildren children;
  const KernelSleeper hangs;  // here: in the place of one that cannot die
  REQUIRE(hangs.asleep());
  children.Adopt(hangs.pid());
  children.Forget(hangs.pid());
  CHECK(children.KillAllBut({}, Deadline::After(std::chrono::seconds{0})));
  CHECK(children.KillAll(Deadline::After(std::chrono::seconds{5})).empty());
}

}  // namespace
}  // namespace command_exporter
