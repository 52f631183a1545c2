// How commands end, and how they fail to start.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "tests/core/process/launcher/launcher_driver.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""s;

class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = "/tmp/launcher_test_XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }

  ~ScratchFolder() { std::filesystem::remove_all(path_); }

  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  std::string Write(const char* name, const char* text, mode_t mode) const {
    const std::string path = path_ + "/" + name;
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
    return path;
  }

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

void CheckNotStarted(const TestRun& run, StartFault fault, int error) {
  REQUIRE(run.done.has_value());
  CHECK(run.done->ending == Ending::kNotStarted);
  CHECK(run.done->fault == fault);
  CHECK(run.done->code == error);
  CHECK(run.out.empty());
}

TEST_CASE("an exit status is reported as it is") {
  LauncherDriver launcher({Program({"/bin/true"}), Shell("exit 3"),
                           Shell("exit 137"), Shell("echo a; echo b >&2")});
  const TestRun& quiet = launcher.Run(0);
  CHECK(quiet.done->ending == Ending::kExited);
  CHECK(quiet.done->code == 0);
  CHECK(quiet.out.empty());
  CHECK(quiet.err.empty());
  CHECK(quiet.done->leftovers == 0);
  CHECK(quiet.done->wall_ns > 0);
  CHECK(quiet.done->cpu_ns > 0);
  CHECK(quiet.done->max_rss_bytes > 100'000);
  CHECK(quiet.done->wall_ns > 0);
  CHECK_FALSE(quiet.timed_out.has_value());
  CHECK(launcher.Run(1).done->code == 3);
  const TestRun& high = launcher.Run(2);
  CHECK(high.done->ending == Ending::kExited);
  CHECK(high.done->code == 137);
  const TestRun& loud = launcher.Run(3);
  CHECK(loud.out == "a\n");
  CHECK(loud.err == "b\n");
  CHECK(launcher.Left() == "");
}

TEST_CASE("a signal that we did not send is reported as a signal") {
  LauncherDriver launcher({Shell("kill -SEGV $$"), Shell("kill -9 $$")});
  const TestRun& fault = launcher.Run(0);
  CHECK(fault.done->ending == Ending::kSignaled);
  CHECK(fault.done->code == SIGSEGV);
  const TestRun& killed = launcher.Run(1);
  CHECK(killed.done->ending == Ending::kSignaled);
  CHECK(killed.done->code == SIGKILL);
  CHECK(launcher.Left() == "");
}

TEST_CASE("a program that cannot be executed fails with the kernel's errno") {
  const ScratchFolder folder;
  const auto data = folder.Write("data", "x", 0644);
  const auto bare = folder.Write("bare", "echo no shebang\n", 0755);
  const auto lost = folder.Write("lost", "#!/nonexistent/interpreter\n", 0755);
  const auto dos = folder.Write("dos", "#!/bin/sh\r\necho hi\r\n", 0755);
  CommandSpec huge = Program({"/bin/true"});
  huge.argv.resize(200, std::string(100'000, 'x'));
  LauncherDriver launcher({Program({"/nonexistent/x"}), Program({data}),
                           Program({folder.path()}), Program({bare}),
                           Program({lost}), Program({dos}), huge});
  CheckNotStarted(launcher.Run(0), StartFault::kExec, ENOENT);
  CheckNotStarted(launcher.Run(1), StartFault::kExec, EACCES);
  CheckNotStarted(launcher.Run(2), StartFault::kExec, EACCES);
  CheckNotStarted(launcher.Run(3), StartFault::kExec, ENOEXEC);
  CheckNotStarted(launcher.Run(4), StartFault::kExec, ENOENT);
  CheckNotStarted(launcher.Run(5), StartFault::kExec, ENOENT);
  CheckNotStarted(launcher.Run(6), StartFault::kExec, E2BIG);
  CHECK(launcher.Left() == "");
}

TEST_CASE("the paths are tried in order and a denied one is remembered") {
  const ScratchFolder folder;
  const auto denied = folder.Write("denied", "x", 0644);
  CommandSpec found = Shell("echo found");
  found.paths = {"/nonexistent/sh", "/dev/null/sh", denied, "/bin/sh"};
  CommandSpec refused = Shell("echo found");
  refused.paths = {denied, "/nonexistent/sh"};
  LauncherDriver launcher({found, refused});
  CHECK(launcher.Run(0).out == "found\n");
  CheckNotStarted(launcher.Run(1), StartFault::kExec, EACCES);
  CHECK(launcher.Left() == "");
}

TEST_CASE("a missing working directory fails at chdir") {
  CommandSpec lost = Program({"/bin/true"});
  lost.cwd = "/nonexistent";
  CommandSpec there = Program({"/bin/pwd"});
  there.cwd = "/usr";
  LauncherDriver launcher({lost, there});
  CheckNotStarted(launcher.Run(0), StartFault::kChdir, ENOENT);
  CHECK(launcher.Run(1).out == "/usr\n");
  CHECK(launcher.Left() == "");
}

TEST_CASE("a command's user has exactly its ids and groups") {
  NEEDS(root);
  CommandSpec nobody =
      Shell("id -u; id -g; id -G; grep CapEff /proc/self/status");
  nobody.ids = RunIds{65534, 65534, {}};
  CommandSpec grouped = Shell("id -u; id -g; id -G");
  grouped.ids = RunIds{65534, 65534, {65534, 4, 24}};
  const ScratchFolder folder;  // mode 0700, of root
  CommandSpec shut = nobody;
  shut.cwd = folder.path();
  LauncherDriver launcher({nobody, grouped, shut});
  CHECK(launcher.Run(0).out ==
        "65534\n65534\n65534\nCapEff:\t0000000000000000\n");
  CHECK(launcher.Run(1).out == "65534\n65534\n65534 4 24\n");
  CheckNotStarted(launcher.Run(2), StartFault::kChdir, EACCES);
  CHECK(launcher.Left() == "");
}

TEST_CASE("standard input is empty, or the configured text each time") {
  CommandSpec fed = Program({"/bin/cat"});
  fed.stdin_text = "line 1\nline 2\n";
  LauncherDriver launcher(
      {Program({"/bin/cat"}), fed, Shell("cat /dev/tty || exit 9")});
  const TestRun& empty = launcher.Run(0);
  CHECK(empty.done->code == 0);
  CHECK(empty.out.empty());
  CHECK(launcher.Run(1).out == "line 1\nline 2\n");
  CHECK(launcher.Run(1).out == "line 1\nline 2\n");
  // No terminal: an error, and not a stopped process.
  const TestRun& tty = launcher.Run(2);
  CHECK(tty.done->ending == Ending::kExited);
  CHECK(tty.done->code == 9);
  CHECK(launcher.Left() == "");
}

TEST_CASE("umask, niceness and environment are the command's own") {
  CommandSpec plain = Shell("umask; nice");
  CommandSpec set = Shell("umask; nice");
  set.umask = 077;
  set.nice = 7;
  CommandSpec environment = Program({"/usr/bin/env"});
  environment.environment = {"ONE=1", "PATH=/bin"};
  LauncherDriver launcher({plain, set, environment});
  CHECK(launcher.Run(0).out == "0022\n0\n");
  CHECK(launcher.Run(1).out == "0077\n7\n");
  const auto before = std::time(nullptr);
  const std::string out = launcher.Run(2, std::chrono::milliseconds{2500}).out;
  INFO(out);
  const std::string marker =
      "COMMAND_EXPORTER_RUN=" + std::to_string(launcher.pid()) + ".3\n";
  CHECK(out.find(marker) == 0);
  CHECK(out.find("\nCOMMAND_EXPORTER_TIMEOUT_SECONDS=2.5\n") !=
        std::string::npos);
  CHECK(out.find("\nONE=1\nPATH=/bin\n") != std::string::npos);
  const std::string name = "\nCOMMAND_EXPORTER_DEADLINE=";
  const auto at = out.find(name);
  REQUIRE(at != std::string::npos);
  const long deadline = std::stol(out.substr(at + name.size()));
  CHECK(deadline >= before + 2);
  CHECK(deadline <= before + 12);
  CHECK(launcher.Left() == "");
}

TEST_CASE("a command that the table does not hold is refused") {
  LauncherDriver launcher({Program({"/bin/true"})});
  CheckNotStarted(launcher.Run(1), StartFault::kTable, 0);
  CheckNotStarted(launcher.Wait(launcher.Start(0, 1s, 7)), StartFault::kTable,
                  0);
  CHECK(launcher.Left() == "");
}

}  // namespace
}  // namespace command_exporter
