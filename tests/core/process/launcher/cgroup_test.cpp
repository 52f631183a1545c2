// Runs in control groups of their own, on the real file system.
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <catch2/catch.hpp>

#include "tests/core/process/launcher/cgroup_fixture.hpp"
#include "tests/core/process/launcher/command_specs.hpp"
#include "tests/core/process/launcher/hostile_programs.hpp"
#include "tests/core/process/launcher/launcher_driver.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

CommandSpec WhereAmI() {
  return Program({"/bin/cat", "/proc/self/cgroup"});
}

std::string GroupOf(const TestRun& run) {
  const std::string line = UnifiedLine(run.out);
  const std::size_t at = line.find(kRunsPrefix);
  return at == std::string::npos ? "" : line.substr(at);
}

std::string FirstGroup(const LauncherDriver& launcher) {
  return std::string(kRunsPrefix) + std::to_string(launcher.pid()) + ".0/run-1";
}

TEST_CASE("a run is born in a group of its own, used again by the next") {
  NEEDS(cgroup);
  const CgroupFixture cgroups;
  LauncherDriver launcher({WhereAmI(), Shell("sleep 31")}, cgroups.Options());
  CHECK(GroupOf(launcher.Run(0)) == FirstGroup(launcher));
  CHECK(GroupOf(launcher.Run(0)) == FirstGroup(launcher));
  const auto other = launcher.Start(1, 10s);
  launcher.Serve(5s, [&] { return launcher.Look(other).pid != 0; });
  CHECK(GroupOf(launcher.Run(0)).ends_with("/run-2"));
  launcher.Cancel(other);
  launcher.Wait(other);
  CHECK(launcher.Left() == "");
  CHECK(launcher.Close() == 0);
  CHECK(cgroups.Groups().empty());
}

TEST_CASE("each way to start a command leads into its group") {
  NEEDS(cgroup);
  const CgroupFixture cgroups;
  const std::function<void()> ways[] = {
      [] { ::setenv("COMMAND_EXPORTER_SPAWN", "fork", 1); },
      [] { ForbidClone3(EPERM); }, [] { ForbidClone3(ENOSYS); }};
  for (const auto& way : ways) {
    CommandSpec strict = WhereAmI();
    strict.cgroup = CgroupUse::kRequired;
    LauncherDriver launcher({strict, Shell("setsid sleep 31 & exit 3")},
                            cgroups.Options(way));
    CHECK(GroupOf(launcher.Run(0)) == FirstGroup(launcher));
    CHECK(launcher.Run(1).done->code == 3);
    CHECK(launcher.Run(1).done->code == 3);
    CHECK(launcher.Left() == "");
    CHECK(launcher.Close() == 0);
    CHECK(cgroups.Groups().empty());
  }
}

TEST_CASE("a command may do without a group, or must have one") {
  NEEDS(cgroup);
  const CgroupFixture cgroups;
  CommandSpec without = WhereAmI();
  without.cgroup = CgroupUse::kNever;
  CommandSpec strict = WhereAmI();
  strict.cgroup = CgroupUse::kRequired;
  LauncherDriver launcher({without, strict}, cgroups.Options());
  CHECK(GroupOf(launcher.Run(0)).empty());
  CHECK(GroupOf(launcher.Run(1)) == FirstGroup(launcher));
  CHECK(launcher.Left() == "");
  LauncherDriver homeless({strict, WhereAmI()});
  const TestRun& refused = homeless.Run(0);
  CHECK(refused.done->ending == Ending::kNotStarted);
  CHECK(refused.done->fault == StartFault::kCgroup);
  CHECK(refused.done->code == ENOTSUP);
  CHECK(homeless.Run(1).done->code == 0);
  CHECK(homeless.Left() == "");
}

TEST_CASE("whatever multiplies and hides is gone with its group") {
  NEEDS(cgroup);
  const CgroupFixture cgroups;
  for (const char* const program : {"bush", "tree", "nest", "hop", "storm"}) {
    CAPTURE(program);
    LauncherDriver launcher({Hostile(program)}, cgroups.Options());
    const TestRun& run = launcher.Run(0, 500ms);
    CHECK(run.done->ending != Ending::kStuck);
    CHECK(run.done_after < 4);
    CHECK(launcher.Left() == "");
    CHECK(launcher.Close() == 0);
    CHECK(cgroups.Groups().empty());
  }
}

TEST_CASE("daemons and holders of pipes are gone with their group") {
  NEEDS(cgroup);
  const CgroupFixture cgroups;
  std::vector<CommandSpec> commands{
      Shell("sleep 31 & echo hi"),
      Shell("setsid sleep 31 & sleep .05; echo hi"),
      Shell("(setsid sleep 31 >/dev/null 2>&1 </dev/null &); echo hi"),
      Shell("(env -i setsid sleep 31 >/dev/null 2>&1 </dev/null &); echo hi")};
  LauncherDriver launcher(commands, cgroups.Options());
  for (std::uint32_t i = 0; i < commands.size(); ++i) {
    CAPTURE(i);
    const TestRun& run = launcher.Run(i);
    CHECK(run.out == "hi\n");
    CHECK(run.done->code == 0);
    CHECK(run.done_after < 2);
  }
  for (const char* const script :
       {"trap '' TERM; sleep 31; sleep 31", "kill -STOP $$",
        "trap '(setsid sleep 31 &)' TERM; sleep 31 & wait"}) {
    CAPTURE(script);
    LauncherDriver late({Shell(script)}, cgroups.Options());
    CHECK(late.Run(0, 300ms).done->ending == Ending::kTimedOut);
    CHECK(late.Left() == "");
  }
  CHECK(launcher.Left() == "");
}

// By session and marker alone its run could not be determined.
TEST_CASE("a nameless daemon in a group belongs to the run of that group") {
  NEEDS(cgroup);
  const CgroupFixture cgroups;
  const std::string daemon =
      "(env -i /usr/bin/setsid /bin/sleep 31 >/dev/null 2>&1 </dev/null &); ";
  LauncherDriver launcher({Shell("exec sleep 30"), Shell(daemon + "exit 0"),
                           Shell(daemon + "exec sleep 30")},
                          cgroups.Options());
  const auto older = launcher.Start(0, 20s);
  const auto live = launcher.Start(2, 20s);
  const auto has_daemon = [&] {
    return DescendantsOf({launcher.pid()}).size() == 3;
  };
  launcher.Serve(5s, has_daemon);
  CHECK(launcher.Run(1).done->code == 0);
  // Its own daemon is gone at once; that of the live run stays.
  launcher.Serve(300ms);
  CHECK(has_daemon());
  launcher.Cancel(live);
  CHECK(launcher.Wait(live).done->leftovers >= 1);
  CHECK(DescendantsOf({launcher.pid()}).size() == 1);
  launcher.Cancel(older);
  launcher.Wait(older);
  CHECK(launcher.Left() == "");
}

// The first process of a pid namespace of its own; ends it with all processes
// in it.
class Namespace {
 public:
  Namespace() : holder_(::fork()) {
    if (holder_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::unshare(CLONE_NEWPID) == 0 && ::fork() == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;) {
          ::pause();
        }
      }
      for (;;) {
        ::pause();
      }
    }
  }

  ~Namespace() {
    if (holder_ > 0) {
      ::kill(holder_, SIGKILL);
      ::waitpid(holder_, nullptr, 0);
    }
  }

  Namespace(const Namespace&) = delete;
  Namespace& operator=(const Namespace&) = delete;

  std::string file() const {
    return "/proc/" + std::to_string(holder_) + "/ns/pid_for_children";
  }

 private:
  pid_t holder_;
};

TEST_CASE("a daemon in another pid namespace is gone with its group") {
  NEEDS(cgroup);
  NEEDS(pid_namespace);
  const CgroupFixture cgroups;
  const Namespace other;
  LauncherDriver launcher(
      {Shell("for i in 1 2 3 4 5; do nsenter --pid=" + other.file() +
             " /bin/sh -c 'setsid sleep 31 >/dev/null 2>&1 </dev/null & "
             "echo $$' && exit; sleep .2; done; exit 9")},
      cgroups.Options());
  const TestRun& run = launcher.Run(0, 10s);
  CHECK(run.done->code == 0);
  CHECK_FALSE(run.out.empty());
  CHECK(launcher.Left() == "");
  CHECK(launcher.Close() == 0);
  CHECK(cgroups.Groups().empty());
}

TEST_CASE("groups that vanish are made anew") {
  NEEDS(cgroup);
  const CgroupFixture cgroups;
  CommandSpec strict = WhereAmI();
  strict.cgroup = CgroupUse::kRequired;
  LauncherDriver launcher({strict}, cgroups.Options());
  CHECK(GroupOf(launcher.Run(0)) == FirstGroup(launcher));
  const std::string base = cgroups.Base();
  REQUIRE(::rmdir((base + "/run-1").c_str()) == 0);
  CHECK(GroupOf(launcher.Run(0)) == FirstGroup(launcher));
  REQUIRE(::rmdir((base + "/run-1").c_str()) == 0);
  REQUIRE(::rmdir(base.c_str()) == 0);
  CHECK(GroupOf(launcher.Run(0)) == FirstGroup(launcher));
  CHECK(launcher.Close() == 0);
  CHECK(cgroups.Groups().empty());
}

}  // namespace
}  // namespace command_exporter
