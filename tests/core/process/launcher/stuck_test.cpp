// What not even SIGKILL ends: reported, not started again, let go at last.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include <catch2/catch.hpp>

#include "tests/core/process/launcher/hung_mount.hpp"
#include "tests/core/process/launcher/launcher_driver.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

constexpr Duration kTimeout = 200ms;
constexpr double kStuckAfter = 0.75;  // timeout, grace, wait after KILL

TEST_CASE("a program or folder on a hung mount costs its own run only") {
  NEEDS(fuse);
  HungMount mount;
  REQUIRE(mount.usable());
  CommandSpec lost = Program({"/bin/true"});
  lost.cwd = mount.path() + "/folder";
  LauncherDriver launcher({Program({mount.path() + "/program"}), lost,
                           Program({"/bin/cat", mount.path() + "/file"}),
                           Program({"/bin/true"})});
  std::vector<std::uint64_t> hung;
  for (std::uint32_t command = 0; command < 3; ++command) {
    hung.push_back(launcher.Start(command, kTimeout));
  }
  for (int i = 0; i < 20; ++i) {
    CHECK(launcher.Run(3).done->ending == Ending::kExited);
  }
  for (const auto job : hung) {
    CAPTURE(job);
    const TestRun& run = launcher.Wait(job);
    CHECK(run.done->ending == Ending::kStuck);
    CHECK(run.timed_out.has_value());
    CHECK(run.done_after >= kStuckAfter);
  }
  CHECK(launcher.Run(0).done->stage == SpawnStage::kBusy);
  CHECK(launcher.Run(1).done->stage == SpawnStage::kBusy);
  CHECK(launcher.Run(3).done->ending == Ending::kExited);
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
  CHECK(launcher.Wait(queued).done->stage == SpawnStage::kBusy);
  CHECK(launcher.Run(0).done->stage == SpawnStage::kBusy);
  CHECK(launcher.Run(1).out == "fine\n");
  CHECK_FALSE(launcher.Look(job).released);
  REQUIRE(run.pid > 0);
  ::kill(run.pid, SIGKILL);
  launcher.Serve(5s, [&] { return launcher.Look(job).released; });
  CHECK(launcher.Look(job).released);
  std::filesystem::remove(program);
  CHECK(launcher.Left() == "");
}

}  // namespace
}  // namespace command_exporter
