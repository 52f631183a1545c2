// Processes that not even SIGKILL ends: reported, not started again, and
// finally released.
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include <catch2/catch.hpp>

#include "tests/core/process/launcher/hostile_programs.hpp"
#include "tests/core/process/launcher/hung_mount.hpp"
#include "tests/core/process/launcher/launcher_driver.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

constexpr Duration kTimeout = 200ms;
constexpr double kStuckAfter = 0.75;  // timeout, grace, wait after KILL

// All ways to hang on a mount of HungMount.
std::vector<CommandSpec> HungCommands(const std::string& mount) {
  CommandSpec lost = Program({"/bin/true"});
  lost.cwd = mount + "/folder";
  return {Program({mount + "/program"}), Program({mount + "/open"}),
          Program({mount + "/read"}), lost,
          Program({"/bin/cat", mount + "/read"})};
}

// Seconds until the last of 20 healthy commands was done.
double RunTwenty(LauncherDriver& launcher, std::uint32_t first) {
  std::vector<std::uint64_t> jobs;
  double last = 0;
  for (std::uint32_t i = 0; i < 20; ++i) {
    jobs.push_back(launcher.Start(first + i, 5s));
  }
  for (const std::uint64_t job : jobs) {
    const TestRun& run = launcher.Wait(job);
    CHECK(run.done->ending == Ending::kExited);
    last = std::max(last, run.done_after);
  }
  return last;
}

TEST_CASE("a program or folder on a hung mount costs its own run only") {
  NEEDS(fuse);
  HungMount mount;
  REQUIRE(mount.usable());
  std::vector<CommandSpec> commands = HungCommands(mount.path());
  const auto healthy = static_cast<std::uint32_t>(commands.size());
  for (int i = 0; i < 20; ++i) {
    commands.push_back(Program({"/bin/true"}));
    commands.back().name += std::to_string(i);
  }
  LauncherDriver launcher(commands);
  std::vector<std::uint64_t> hung;
  for (std::uint32_t command = 0; command < healthy; ++command) {
    hung.push_back(launcher.Start(command, kTimeout));
  }
  // 0.2 s is the promise; the machine may be busy at times.
  double last = RunTwenty(launcher, healthy);
  for (int attempt = 0; attempt < 20 && last >= 0.2; ++attempt) {
    last = RunTwenty(launcher, healthy);
  }
  CHECK(last < 0.2);
  for (const auto job : hung) {
    CAPTURE(job);
    const TestRun& run = launcher.Wait(job);
    CHECK(run.done->ending == Ending::kStuck);
    CHECK(run.timed_out.has_value());
    CHECK(run.done_after >= kStuckAfter);
  }
  for (std::uint32_t command = 0; command < healthy; ++command) {
    CHECK(launcher.Run(command).done->fault == StartFault::kStuckBefore);
    launcher.Cancel(hung[command]);  // has no effect
  }
  CHECK(launcher.Run(healthy).done->ending == Ending::kExited);
  mount.Release();
  launcher.Serve(10s, [&] {
    return std::all_of(hung.begin(), hung.end(), [&](std::uint64_t job) {
      return launcher.Look(job).released;
    });
  });
  for (const auto job : hung) {
    CHECK(launcher.Look(job).released);
  }
  CHECK(launcher.Left() == "");
}

TEST_CASE("a daemon whose environment hangs its readers hangs nobody") {
  NEEDS(fuse);
  HungMount mount;
  REQUIRE(mount.usable());
  CommandSpec mask = Hostile("mask");
  mask.environment.push_back("HOSTILE_FILE=" + mount.path() + "/read");
  mask.environment.push_back("PADDING=" + std::string(20'000, 'x'));
  LauncherDriver launcher({mask, Program({"/bin/true"})});
  const TestRun& run = launcher.Run(0);
  CHECK(run.done->ending == Ending::kExited);
  CHECK(run.done->leftovers == 1);
  CHECK(launcher.Run(1).done->ending == Ending::kExited);
  mount.Release();
  CHECK(launcher.Left() == "");
}

TEST_CASE("what cannot be killed is stuck, blocks its command, is released") {
  NEEDS(root);
  // A launcher without privilege and a program that gains some: EPERM.
  const std::string program =
      "/tmp/launcher_test_setpriv_" + std::to_string(::getpid());
  std::filesystem::copy_file("/usr/bin/setpriv", program);
  ::chmod(program.c_str(), 04755);
  CommandSpec spec = Program({program, "--reuid=0", "--regid=0",
                              "--clear-groups", "/bin/sleep", "31"});
  LauncherDriver launcher({spec, Shell("echo fine")}, Before([] {
                            if (::setresgid(65534, 65534, 65534) != 0 ||
                                ::setresuid(65534, 65534, 65534) != 0) {
                              ::_exit(1);
                            }
                          }));
  const auto job = launcher.Start(0, kTimeout);
  const auto queued = launcher.Start(0, kTimeout);
  const TestRun& run = launcher.Wait(job);
  CHECK(run.done->ending == Ending::kStuck);
  CHECK(run.timed_out.has_value());
  CHECK(run.done_after >= kStuckAfter);
  CHECK(launcher.Wait(queued).done->fault == StartFault::kStuckBefore);
  CHECK(launcher.Run(0).done->fault == StartFault::kStuckBefore);
  CHECK(launcher.Run(1).out == "fine\n");
  CHECK_FALSE(launcher.Look(job).released);
  REQUIRE(run.pid > 0);
  ::kill(run.pid, SIGKILL);
  launcher.Serve(5s, [&] { return launcher.Look(job).released; });
  CHECK(launcher.Look(job).released);
  std::filesystem::remove(program);
  CHECK(launcher.Left() == "");
}

// As on a machine too busy to reap the dead: a tracer sees the end of its
// tracee first, and the parent only after the tracer.
TEST_CASE("what is slow to go after KILL is waited for, not called stuck") {
  LauncherDriver launcher({Program({"/bin/sleep", "31"})});
  const std::uint64_t job = launcher.Start(0, kTimeout);
  launcher.Serve(5s, [&] { return launcher.Look(job).pid != 0; });
  const pid_t pid = launcher.Look(job).pid;
  REQUIRE(pid > 0);
  REQUIRE(::ptrace(PTRACE_SEIZE, pid, nullptr, nullptr) == 0);
  // TERM stops it for its tracer, which does not continue it.
  launcher.Serve(2500ms);  // timeout, grace and twice the wait after KILL
  CHECK_FALSE(launcher.Look(job).done.has_value());
  int status = 0;
  while (::waitpid(pid, &status, __WALL) == pid && !WIFSIGNALED(status)) {
  }
  CHECK(launcher.Wait(job).done->ending == Ending::kTimedOut);
  CHECK(launcher.Left().empty());
}

}  // namespace
}  // namespace command_exporter
