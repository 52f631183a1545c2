// Control groups that other processes own, lose or leave behind.
#include <grp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <filesystem>

#include <catch2/catch.hpp>

#include "tests/core/process/launcher/cgroup_fixture.hpp"
#include "tests/core/process/launcher/command_specs.hpp"
#include "tests/core/process/launcher/hostile_programs.hpp"
#include "tests/core/process/launcher/launcher_driver.hpp"
#include "tests/core/process/process_tree.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

CommandSpec WhereAmI(CgroupUse use) {
  CommandSpec spec = Program({"/bin/cat", "/proc/self/cgroup"});
  spec.cgroup = use;
  return spec;
}

bool IsInGroup(const TestRun& run) {
  return UnifiedLine(run.out).find(kRunsPrefix) != std::string::npos;
}

TEST_CASE("a tree that turns read-only costs strict runs, and no others") {
  NEEDS(root);
  NEEDS(cgroup);
  const CgroupFixture cgroups;
  CommandSpec daemon =
      Shell("(setsid sleep 31 >/dev/null 2>&1 </dev/null &); echo hi");
  LauncherDriver launcher(
      {WhereAmI(CgroupUse::kIfThere), WhereAmI(CgroupUse::kRequired), daemon,
       Shell("trap '' TERM; echo up; while :; do sleep 1; done")},
      cgroups.Options([] {
        if (::unshare(CLONE_NEWNS) != 0 ||
            ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
          ::_exit(97);
        }
      }));
  // It has the one existing group.
  const auto early = launcher.Start(3, 20s);
  launcher.Serve(5s, [&] { return !launcher.Look(early).out.empty(); });
  const std::string mount =
      std::filesystem::path(cgroups.home().path).parent_path();
  REQUIRE(std::system(("nsenter --mount --target " +
                       std::to_string(launcher.pid()) +
                       " mount -o remount,bind,ro " + mount)
                          .c_str()) == 0);
  const TestRun& loose = launcher.Run(0);
  CHECK(loose.done->code == 0);
  CHECK_FALSE(IsInGroup(loose));
  const TestRun& refused = launcher.Run(1);
  CHECK(refused.done->ending == Ending::kNotStarted);
  CHECK(refused.done->fault == StartFault::kCgroup);
  CHECK(refused.done->code == EROFS);
  CHECK(launcher.Run(2).out == "hi\n");
  // cgroup.kill cannot be written any more either.
  launcher.Cancel(early);
  CHECK(launcher.Wait(early).done->ending == Ending::kCancelled);
  CHECK(launcher.Left() == "");
  // The launcher could not remove its group; a process that finds the lock free
  // can.
  launcher.Close();
  CHECK(cgroups.Groups().size() == 1);
  SweepCgroups(cgroups.home(), Deadline::After(2s));
  CHECK(cgroups.Groups().empty());
}

// The orphans of a dead launcher are children of the test, as they would be of
// the guardian. Their zombies must be reaped, or later tests would see them.
bool EndsKilled(pid_t pid) {
  int status = 0;
  return ::waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
         WTERMSIG(status) == SIGKILL;
}

// The shells and env(1) that started them are gone or have become them.
std::ptrdiff_t Sleepers(const LauncherDriver& launcher) {
  const auto below = DescendantsOf({launcher.pid()});
  return std::count_if(below.begin(), below.end(),
                       [](pid_t pid) { return NameOf(pid) == "sleep"; });
}

TEST_CASE("what a killed launcher leaves is swept, a living one's is not") {
  NEEDS(cgroup);
  REQUIRE(::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
  const CgroupFixture cgroups;
  const std::string script =
      "(env -i setsid sleep 31 >/dev/null 2>&1 </dev/null &); exec sleep 31";
  LauncherDriver dead({Shell(script)}, cgroups.Options());
  LauncherDriver alive({Shell(script)}, cgroups.Options());
  for (LauncherDriver* const launcher : {&dead, &alive}) {
    launcher->Start(0, 20s);
    launcher->Serve(5s, [launcher] { return Sleepers(*launcher) == 2; });
  }
  const auto lost = DescendantsOf({dead.pid()});
  const auto kept = DescendantsOf({alive.pid()});
  CHECK(lost.size() == 2);
  CHECK(kept.size() == 2);
  CHECK(cgroups.Groups().size() == 2);
  REQUIRE(dead.pid() > 0);
  REQUIRE(::kill(dead.pid(), SIGKILL) == 0);
  dead.Close();
  SweepCgroups(cgroups.home(), Deadline::After(2s));
  CHECK(cgroups.Groups().size() == 1);
  for (const pid_t pid : lost) {
    CHECK(EndsKilled(pid));
  }
  CHECK(DescendantsOf({alive.pid()}) == kept);
  CHECK(alive.Close() == 0);
  CHECK(cgroups.Groups().empty());
}

// A user that no other test uses, because his processes are counted.
uid_t OwnUser() {
  return 100'000 + static_cast<uid_t>(::getpid());
}

void BecomeOwnUser(uid_t user) {
  if (::setgroups(0, nullptr) != 0 || ::setgid(user) != 0 ||
      ::setuid(user) != 0) {
    ::_exit(96);
  }
}

TEST_CASE("a child that became root is stuck for a user's launcher") {
  NEEDS(root);
  const HostileFile program("rise", 04755);
  const uid_t user = OwnUser();
  LauncherDriver launcher({program.Spec()},
                          Before([user] { BecomeOwnUser(user); }));
  const auto job = launcher.Start(0, 1s);
  launcher.Serve(10s, [&] { return !launcher.Look(job).out.empty(); });
  const TestRun& run = launcher.Wait(job);
  CHECK(run.out == "risen\n");
  CHECK(run.done->ending == Ending::kStuck);
  REQUIRE(run.pid > 0);
  CHECK(::kill(run.pid, SIGKILL) == 0);
  launcher.Serve(5s, [&] { return launcher.Look(job).released; });
  CHECK(launcher.Look(job).released);
  CHECK(launcher.Left() == "");
}

TEST_CASE("with a delegated group, a user's launcher ends what became root") {
  NEEDS(root);
  NEEDS(cgroup);
  CgroupFixture cgroups;
  const HostileFile program("rise", 04755);
  const uid_t user = OwnUser();
  cgroups.Delegate(user);
  LauncherDriver launcher({program.Spec()}, cgroups.Options([&cgroups, user] {
    cgroups.EnterMain();
    BecomeOwnUser(user);
  }));
  const auto job = launcher.Start(0, 1s);
  launcher.Serve(10s, [&] { return !launcher.Look(job).out.empty(); });
  const TestRun& run = launcher.Wait(job);
  CHECK(run.out == "risen\n");
  CHECK(run.done->ending == Ending::kTimedOut);
  CHECK(launcher.Left() == "");
  CHECK(launcher.Close() == 0);
  CHECK(cgroups.Groups() == std::vector<std::string>{"main"});
}

TEST_CASE("a launcher without a free process fails runs and recovers") {
  NEEDS(root);
  const uid_t user = OwnUser();
  std::vector<CommandSpec> commands;
  for (int i = 0; i < 6; ++i) {
    commands.push_back(Program({"/bin/sleep", "0.3"}));
    commands.back().name += std::to_string(i);
  }
  LauncherDriver launcher(commands, Before([user] {
                            // One of them may be the thread of a sanitizer.
                            const rlimit processes{4, 4};
                            ::setrlimit(RLIMIT_NPROC, &processes);
                            BecomeOwnUser(user);
                          }));
  std::vector<std::uint64_t> jobs;
  for (std::uint32_t i = 0; i < commands.size(); ++i) {
    jobs.push_back(launcher.Start(i, 10s));
  }
  int refused = 0;
  for (const auto job : jobs) {
    const DoneMessage& done = *launcher.Wait(job).done;
    if (done.ending == Ending::kNotStarted) {
      CHECK(done.fault == StartFault::kClone);
      CHECK(done.code == EAGAIN);
      ++refused;
    } else {
      CHECK(done.ending == Ending::kExited);
    }
  }
  CHECK(refused >= 1);
  CHECK(refused <= 4);
  CHECK(launcher.Run(0).done->ending == Ending::kExited);
  CHECK(launcher.Left() == "");
}

}  // namespace
}  // namespace command_exporter
