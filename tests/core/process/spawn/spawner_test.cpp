// The launcher's surroundings during a start: a terminal, no memory.
#include "core/process/spawn/spawner.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>

#include <catch2/catch.hpp>

#include "tests/core/process/launcher/launcher_driver.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""s;

// Makes a new terminal the controlling terminal of the launcher's session.
void TakeTerminal() {
  ::setsid();
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0 ||
      ::open(::ptsname(master), O_RDWR | O_CLOEXEC) < 0 ||
      ::open("/dev/tty", O_RDWR | O_CLOEXEC) < 0) {
    ::_exit(1);  // it is not ours: nothing to test
  }
}

TEST_CASE("a launcher with a terminal keeps it from its commands") {
  LauncherDriver launcher(
      {Shell("cat /dev/tty || exit 9"), Program({"/bin/true"})},
      Before(TakeTerminal));
  const TestRun& run = launcher.Run(0, 2s);
  CHECK(run.done->ending == Ending::kExited);
  CHECK(run.done->code == 9);
  CHECK(run.err.find("No such device") != std::string::npos);
  CHECK(launcher.Run(1).done->code == 0);
  CHECK(launcher.Left() == "");
}

SpawnPlan PlanOf(const std::array<const char*, 2>& words, int null) {
  SpawnPlan plan;
  plan.paths = words.data();
  plan.argv = words.data();
  plan.envp = words.data() + 1;
  plan.cwd = "/";
  plan.stdin_fd = null;
  plan.stdout_fd = null;
  plan.stderr_fd = null;
  plan.parent = ::getpid();
  return plan;
}

// 0: success; else the number of the failed step.
int StartWithoutMemory() {
  Spawner spawner(ChosenSpawnMode());
  const std::array<const char*, 2> words{"/bin/true", nullptr};
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  const SpawnPlan plan = PlanOf(words, null);
  rlimit found{};
  ::getrlimit(RLIMIT_AS, &found);
  rlimit nothing = found;
  nothing.rlim_cur = 0;
  ::setrlimit(RLIMIT_AS, &nothing);
  const auto refused = spawner.Start(plan);
  ::setrlimit(RLIMIT_AS, &found);
  if (refused || refused.error().fault != StartFault::kClone ||
      refused.error().error != ENOMEM) {
    return 1;
  }
  const auto started = spawner.Start(plan);
  int status = -1;
  if (!started || ::waitpid(started->pid, &status, 0) != started->pid) {
    return 2;
  }
  SpawnEnd end;
  const bool released = spawner.TryRelease(started->slot, true, end);
  return released && status == 0 && end.failure.fault == StartFault::kNone ? 0
                                                                           : 3;
}

TEST_CASE("no memory for a start fails that start only") {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::_exit(StartWithoutMemory());
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

}  // namespace
}  // namespace command_exporter
