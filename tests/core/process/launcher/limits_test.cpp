// Limits of a run, each one reached.
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

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

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20U;

// A busy machine must not keep it from its second of processor time.
CommandSpec Spinner(const std::string& script) {
  CommandSpec spec = Shell(script);
  spec.limits.cpu_seconds = 1;
  if (::geteuid() == 0) {
    spec.nice = -20;
  }
  return spec;
}

TEST_CASE("more processor time than allowed ends a command by SIGXCPU") {
  LauncherDriver launcher({Spinner("while :; do :; done")});
  const TestRun& run = launcher.Run(0, 60s);
  CHECK(run.done->ending == Ending::kSignaled);
  CHECK(run.done->code == SIGXCPU);
  CHECK(Duration{run.done->cpu_ns} > 900ms);
  CHECK(Duration{run.done->cpu_ns} < 1900ms);
  CHECK(launcher.Left() == "");
}

TEST_CASE("who ignores SIGXCPU is killed after a second more") {
  LauncherDriver launcher({Spinner("trap '' XCPU; while :; do :; done")});
  const TestRun& run = launcher.Run(0, 60s);
  CHECK(run.done->ending == Ending::kSignaled);
  CHECK(run.done->code == SIGKILL);
  CHECK(Duration{run.done->cpu_ns} > 1500ms);
  CHECK(launcher.Left() == "");
}

TEST_CASE("a command that opens too many files gets EMFILE") {
  CommandSpec bounded = Hostile("files");
  bounded.limits.open_files = 20;
  LauncherDriver launcher({bounded});
  const TestRun& run = launcher.Run(0);
  // 0, 1 and 2 are open.
  CHECK(run.out == "17 files, then: Too many open files\n");
  CHECK(launcher.Left() == "");
}

TEST_CASE("an address space ends where its limit is") {
  const std::vector<std::string> reader = {
      "/bin/dd", "if=/dev/zero", "of=/dev/null", "bs=256M", "count=1"};
  CommandSpec bounded = Program(reader);
  bounded.limits.address_space = 128 * kMebibyte;
  CommandSpec enough = Program(reader);
  enough.limits.address_space = 512 * kMebibyte;
  LauncherDriver launcher({bounded, enough});
  const TestRun& run = launcher.Run(0, 10s);
  CHECK(run.done->ending == Ending::kExited);
  CHECK(run.done->code == 1);
  CHECK(run.err.find("memory exhausted") != std::string::npos);
  CHECK(launcher.Run(1, 10s).done->code == 0);
  CHECK(launcher.Left() == "");
}

TEST_CASE(
    "memory beyond the group's limit is distinguished from another SIGKILL") {
  NEEDS(cgroup_memory);
  const CgroupFixture cgroups("memory");
  // Eight children, each below the limit.
  CommandSpec bounded = Shell(
      "for i in 1 2 3 4 5 6 7 8; do head -c 20M /dev/zero | tail -c 20M |"
      " (sleep 2; cat >/dev/null) & done; wait");
  bounded.limits.memory = 64 * kMebibyte;
  bounded.cgroup = CgroupUse::kRequired;
  CommandSpec killed = Shell("kill -9 $$");
  killed.limits.memory = 64 * kMebibyte;
  killed.cgroup = CgroupUse::kRequired;
  LauncherDriver launcher({bounded, killed}, cgroups.Options());
  const TestRun& run = launcher.Run(0, 15s);
  CHECK(run.done->ending == Ending::kSignaled);
  CHECK(run.done->code == SIGKILL);
  CHECK(run.done->over_memory == 1);
  const TestRun& other = launcher.Run(1, 5s);
  CHECK(other.done->code == SIGKILL);
  CHECK(other.done->over_memory == 0);
  CHECK(launcher.Left() == "");
}

TEST_CASE("a group's limit of processes bounds a run, not its neighbours") {
  NEEDS(cgroup_pids);
  const CgroupFixture cgroups("pids");
  CommandSpec bounded = Shell("sleep 1 & sleep 1 & sleep 1 & sleep 1 & wait");
  bounded.limits.processes = 4;
  bounded.cgroup = CgroupUse::kRequired;
  CommandSpec enough = bounded;
  enough.limits.processes = 5;
  LauncherDriver launcher({bounded, enough}, cgroups.Options());
  const TestRun& run = launcher.Run(0, 10s);
  CHECK(run.err.find("fork") != std::string::npos);
  CHECK(launcher.Run(1, 10s).done->code == 0);
  CHECK(launcher.Left() == "");
}

TEST_CASE("a fork bomb under a limit of processes ends with its run") {
  NEEDS(root);
  const HostileFile file("bomb", 0755);
  CommandSpec bomb = file.Spec();
  const uid_t user = 100'000 + static_cast<uid_t>(::getpid());
  bomb.ids = RunIds{user, user, {}};
  LauncherDriver launcher({bomb, Program({"/bin/true"})});
  const auto job = launcher.Start(0, 1s);
  launcher.Serve(500ms);
  CHECK(launcher.Run(1, 10s).done->code == 0);
  const TestRun& run = launcher.Wait(job);
  CHECK(run.done->ending == Ending::kTimedOut);
  CHECK(launcher.Left() == "");
}

std::string ReadProc(pid_t pid, const char* name) {
  const std::ifstream file("/proc/" + std::to_string(pid) + "/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST_CASE("a command's limits are its own, the launcher's stay as they were") {
  CommandSpec bounded =
      Shell("cat /proc/self/limits /proc/self/oom_score_adj; umask; nice");
  bounded.limits.cpu_seconds = 7;
  bounded.limits.open_files = 99;
  bounded.limits.address_space = 4096 * kMebibyte;
  bounded.nice = 7;
  bounded.umask = 027;
  LauncherDriver launcher({bounded, Shell("ulimit -n")});
  const std::string limits = ReadProc(launcher.pid(), "limits");
  const std::string score = ReadProc(launcher.pid(), "oom_score_adj");
  const std::string status = ReadProc(launcher.pid(), "status");
  const std::string out = launcher.Run(0).out;
  const auto has = [&out](const std::string& text) {
    INFO(text << " in " << out);
    return out.find(text) != std::string::npos;
  };
  CHECK(has("Max cpu time              7                    8"));
  CHECK(has("Max open files            99                   99"));
  CHECK(has("Max address space         4294967296           4294967296"));
  CHECK(has("\n" + score + "0027\n7\n"));
  CHECK(ReadProc(launcher.pid(), "limits") == limits);
  CHECK(ReadProc(launcher.pid(), "oom_score_adj") == score);
  CHECK(status.find("Umask:\t0027") == std::string::npos);
  CHECK(ReadProc(launcher.pid(), "status").find("Umask:\t0027") ==
        std::string::npos);
  // Without a limit of its own, a command gets the launcher's original limit.
  rlimit own{};
  ::getrlimit(RLIMIT_NOFILE, &own);
  CHECK(launcher.Run(1).out == std::to_string(own.rlim_cur) + "\n");
  CHECK(launcher.Left() == "");
}

}  // namespace
}  // namespace command_exporter
