// The processes that commands leave behind: background children, daemons,
// foreign sessions.
#include <algorithm>
#include <array>
#include <csignal>

#include <catch2/catch.hpp>

#include "tests/core/process/launcher/launcher_driver.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

constexpr double kLinger = 0.1;
constexpr double kSoon = 2;  // far from 31 s, whatever the machine does

const char* const kDaemon =
    "(setsid sleep 31 >/dev/null 2>&1 </dev/null &); echo hi";
const char* const kNamelessDaemon =
    "(env -i /usr/bin/setsid /bin/sleep 31 >/dev/null 2>&1 </dev/null &);"
    "sleep .05; echo hi";
// Two launchers: one recognizes its orphans by tag, the other by environment.
const std::array<LauncherDriver::Options, 2> kBothKinds{
    LauncherDriver::Options{}, WithoutTags()};

void CheckHi(const TestRun& run, std::uint32_t leftovers) {
  CHECK(run.done->ending == Ending::kExited);
  CHECK(run.done->code == 0);
  CHECK(run.out == "hi\n");
  CHECK(run.done->leftovers == leftovers);
  CHECK(run.done_after < kSoon);
}

bool Alive(pid_t pid) {
  return ::kill(pid, 0) == 0;
}

TEST_CASE("a background child that holds the pipe is killed after a while") {
  LauncherDriver launcher(
      {Shell("sleep 31 & echo hi"),
       Shell("setsid sleep 31 & sleep .05; echo hi"),
       Program({"/bin/bash", "-c", "set -m; sleep 31 & echo hi"})});
  for (std::uint32_t command = 0; command < 3; ++command) {
    CAPTURE(command);
    const TestRun& run = launcher.Run(command);
    CheckHi(run, 1);
    CHECK(run.done_after >= kLinger);
    CHECK(launcher.Left() == "");
  }
}

TEST_CASE("a child that finishes the output in time is let finish") {
  LauncherDriver launcher(
      {Program({"/bin/bash", "-c", "echo hi > >(sleep .01; cat)"})});
  // It has 100 ms; on a machine too busy for that, it is repeated.
  bool complete = false;
  for (int attempt = 0; attempt < 10 && !complete; ++attempt) {
    const TestRun& run = launcher.Run(0);
    complete = run.out == "hi\n" && run.done->leftovers == 0;
  }
  CHECK(complete);
  CHECK(launcher.Left() == "");
}

TEST_CASE("a daemon without our pipes is killed when its run ends") {
  const auto& options = kBothKinds.at(GENERATE(0U, 1U));
  LauncherDriver launcher({Shell(kDaemon), Shell(kNamelessDaemon)}, options);
  CheckHi(launcher.Run(0), 1);
  CHECK(launcher.Left() == "");
  CheckHi(launcher.Run(1), 1);
  CHECK(launcher.Left() == "");
  CHECK(launcher.Stats().orphans_killed == 2);
}

TEST_CASE("killing one run's daemon leaves another run's processes alone") {
  // The second command has a setsid helper and a nameless one of its own. The
  // daemon gets time to execute, because before that it has no environment.
  const auto& options = kBothKinds.at(GENERATE(0U, 1U));
  LauncherDriver launcher(
      {Shell("(setsid sleep 31 >/dev/null 2>&1 </dev/null &); sleep 0.2; "
             "echo hi"),
       Shell("setsid sleep 32 & echo $!; "
             "env -i /usr/bin/setsid /bin/sleep 33 & echo $!;"
             "wait")},
      options);
  const auto other = launcher.Start(1, 20s);
  launcher.Serve(5s, [&] {
    const auto& out = launcher.Look(other).out;
    return std::count(out.begin(), out.end(), '\n') == 2;
  });
  const std::string pids = launcher.Look(other).out;
  const pid_t helper = std::stoi(pids);
  const pid_t nameless = std::stoi(pids.substr(pids.find('\n') + 1));
  CheckHi(launcher.Run(0), 1);
  launcher.Serve(100ms);
  CHECK_FALSE(launcher.Look(other).done.has_value());
  CHECK(Alive(helper));
  CHECK(Alive(nameless));
  launcher.Cancel(other);
  CHECK(launcher.Wait(other).done->ending == Ending::kCancelled);
  CHECK_FALSE(Alive(helper));
  CHECK(launcher.Left() == "");
}

TEST_CASE("a running command's orphans live until it ends") {
  // Orphans, not children: their parent, a subshell, ends at once.
  const auto& options = kBothKinds.at(GENERATE(0U, 1U));
  LauncherDriver launcher(
      {Program({"/bin/true"}),
       Shell("(setsid sleep 32 >/dev/null & echo $!);"
             "(env -i /usr/bin/setsid /bin/sleep 33 >/dev/null & echo $!);"
             "sleep 31")},
      options);
  const auto other = launcher.Start(1, 20s);
  launcher.Serve(5s, [&] {
    const auto& out = launcher.Look(other).out;
    return std::count(out.begin(), out.end(), '\n') == 2;
  });
  const std::string pids = launcher.Look(other).out;
  const pid_t named = std::stoi(pids);
  const pid_t nameless = std::stoi(pids.substr(pids.find('\n') + 1));
  for (int i = 0; i < 3; ++i) {
    CHECK(launcher.Run(0).done->leftovers == 0);
  }
  CHECK(Alive(named));
  CHECK(Alive(nameless));
  launcher.Cancel(other);
  CHECK(launcher.Wait(other).done->leftovers >= 1);
  CHECK(launcher.Left() == "");
}

TEST_CASE("a nameless daemon goes when the last run that may own it ends") {
  LauncherDriver launcher({Shell(kNamelessDaemon), Shell("sleep .5")},
                          WithoutTags());
  const auto other = launcher.Start(1, 20s);
  launcher.Serve(50ms);
  const TestRun& run = launcher.Run(0);
  CHECK(run.done->ending == Ending::kExited);
  const bool overlapped = !launcher.Look(other).done.has_value();
  if (overlapped) {
    CHECK(launcher.Stats().orphans_killed == 0);
    CHECK(launcher.Stats().orphans_nameless == 1);
  }
  CHECK(launcher.Wait(other).done->code == 0);
  CHECK(launcher.Left() == "");
  CHECK(launcher.Stats().orphans_killed == 1);
}

TEST_CASE("a daemon with a cleared environment dies while other runs live") {
  LauncherDriver launcher(
      {Shell(kNamelessDaemon), Program({"/bin/sleep", "31"})});
  const auto other = launcher.Start(1, 20s);
  launcher.Serve(5s, [&] { return launcher.Look(other).pid != 0; });
  CheckHi(launcher.Run(0), 1);
  CHECK(DescendantsOf({launcher.pid()}) ==
        std::set<pid_t>{launcher.Look(other).pid});
  CHECK(launcher.Stats().orphans_killed == 1);
  launcher.Cancel(other);
  launcher.Wait(other);
  CHECK(launcher.Left() == "");
}

TEST_CASE("a daemon that washed off every mark is nameless, and goes") {
  // With a limit of its own, it has no mark that assigns it to a run.
  LauncherDriver launcher(
      {Shell("(env -i /usr/bin/prlimit --rttime=60000000 /usr/bin/setsid "
             "/bin/sleep 31 >/dev/null 2>&1 </dev/null &); sleep .2; echo hi"),
       Shell("sleep 31")});
  const auto other = launcher.Start(1, 20s);
  launcher.Serve(5s, [&] { return launcher.Look(other).pid != 0; });
  CHECK(launcher.Run(0).out == "hi\n");
  CHECK(launcher.Stats().orphans_nameless == 1);
  launcher.Cancel(other);
  launcher.Wait(other);
  CHECK(launcher.Left() == "");
  CHECK(launcher.Stats().orphans_nameless == 0);
}

TEST_CASE("daemons that execute themselves for ever go with their run",
          "[alone]") {
  // During execve(2) a process has no environment that names its run.
  LauncherDriver launcher(
      {Program({"/bin/sleep", "31"}),
       Shell("export S='exec /bin/sh -c \"$S\"'; i=0;"
             "while [ $i -lt 40 ]; do i=$((i+1));"
             "(setsid /bin/sh -c \"$S\" >/dev/null 2>&1 </dev/null &); done;"
             "sleep .2; echo hi")});
  const auto other = launcher.Start(0, 30s);
  const auto only_other = [&] {
    return DescendantsOf({launcher.pid()}) ==
           std::set<pid_t>{launcher.Look(other).pid};
  };
  for (int i = 0; i < 3; ++i) {
    CHECK(launcher.Run(1, 20s).out == "hi\n");
    launcher.Serve(3s, only_other);  // a machine this busy may report stuck
    CHECK(only_other());
  }
  launcher.Cancel(other);
  CHECK(launcher.Wait(other).done->leftovers == 0);
  CHECK(launcher.Left() == "");
}

TEST_CASE("a hundred daemons are gone soon") {
  LauncherDriver launcher(
      {Shell("i=0; while [ $i -lt 100 ]; do i=$((i+1));"
             "(setsid sleep 31 >/dev/null 2>&1 &); done; echo hi")});
  CheckHi(launcher.Run(0, 20s), 100);
  CHECK(launcher.Left() == "");
}

TEST_CASE("what daemons start is found when they die") {
  LauncherDriver launcher(
      {Shell("(setsid sh -c '(setsid sh -c \"(setsid sleep 31 &); sleep 32\" &)"
             "; sleep 33' >/dev/null 2>&1 &); echo hi")});
  const TestRun& run = launcher.Run(0);
  CHECK(run.done->ending == Ending::kExited);
  CHECK(run.done->leftovers >= 1);
  CHECK(launcher.Left() == "");
}

}  // namespace
}  // namespace command_exporter
