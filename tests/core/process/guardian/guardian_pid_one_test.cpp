// The guardian as PID 1 of a container: all orphans become its children.
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

#include "core/base/deadline.hpp"
#include "core/process/client/guardian_link.hpp"
#include "core/process/client/launcher_client.hpp"
#include "core/process/command/command_table.hpp"
#include "core/process/guardian/guardian.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kOrphans = 100;
constexpr int kOk = 0;
constexpr int kNoPidOne = 10;
constexpr int kOrphansLeft = 11;
constexpr int kNoRun = 12;

// Processes of this namespace, zombies included; /proc must be its own.
int CountProcesses() {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    count += name.find_first_not_of("0123456789") == std::string::npos ? 1 : 0;
  }
  return count;
}

void MakeOrphans() {
  for (int i = 0; i < kOrphans; ++i) {
    const pid_t parent = ::fork();
    if (parent == 0) {
      if (::fork() == 0) {
        std::this_thread::sleep_for(milliseconds{50});
      }
      ::_exit(0);
    }
    ::waitpid(parent, nullptr, 0);
  }
}

// A successful run shows that no stranger was taken for the launcher.
bool RunsACommand(UniqueFd launcher, std::uint32_t generation) {
  LauncherClient client{std::move(launcher)};
  CommandRequest request;
  request.generation = generation;
  request.timeout = seconds{20};
  request.deadline = Deadline::After(seconds{20});
  request.max_output = 100;
  std::atomic<int> state{0};
  RunCallbacks callbacks;
  callbacks.done = [&](const CommandResult& result) {
    state = result.ending == Ending::kExited && result.code == 0 ? 1 : 2;
  };
  client.Start(request, callbacks);
  const Deadline until = Deadline::After(seconds{20});
  while (state == 0 && !until.Passed()) {
    std::this_thread::sleep_for(milliseconds{1});
  }
  return state == 1;
}

// Its exit status is the verdict: only guardian (1), launcher and web side are
// left.
int WebSide(WebSideStart start) {
  constexpr int kRoles = 3;
  MakeOrphans();
  const Deadline until = Deadline::After(seconds{20});
  while (CountProcesses() > kRoles) {
    if (until.Passed()) {
      return kOrphansLeft;
    }
    std::this_thread::sleep_for(milliseconds{5});
  }
  const bool ran = RunsACommand(std::move(start.launcher), start.generation);
  return ran ? kOk : kNoRun;
}

Result<LoadedConfig> Load(std::uint32_t generation) {
  CommandSpec spec;
  spec.argv = {"true"};
  spec.paths = {"/bin/true", "/usr/bin/true"};
  CommandTable table;
  table.generation = generation;
  table.commands = {spec};
  return LoadedConfig{EncodeCommandTable(table), ""};
}

// Runs as PID 1 of its namespace. The verdict goes over `pipe`, because the
// guardian's own status shows only that the web side has ended.
int PidOne(int pipe) {
  if (::getpid() != 1 ||
      ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("proc", "/proc", "proc", 0, nullptr) != 0) {
    return kNoPidOne;
  }
  GuardianOptions options;
  options.load = Load;
  options.web_side = [pipe](WebSideStart start) {
    const int verdict = WebSide(std::move(start));
    return ::write(pipe, &verdict, sizeof verdict) == sizeof verdict ? 0 : 1;
  };
  return RunGuardian(std::move(options));
}

TEST_CASE("as PID 1, 100 orphans leave no zombie and disturb nobody") {
  NEEDS(pid_namespace);
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  const UniqueFd reader{pipe[0]};
  UniqueFd writer{pipe[1]};
  const pid_t child = ::fork();
  if (child == 0) {
    // unshare(2) moves the next child, which becomes PID 1.
    if (::unshare(CLONE_NEWPID | CLONE_NEWNS) != 0) {
      ::_exit(kNoPidOne);
    }
    const pid_t one = ::fork();
    if (one == 0) {
      ::_exit(PidOne(writer.get()));
    }
    int status = 0;
    ::waitpid(one, &status, 0);
    ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : kNoPidOne);
  }
  writer.Reset();
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) != kNoPidOne);
  int verdict = -1;
  REQUIRE(::read(reader.get(), &verdict, sizeof verdict) == sizeof verdict);
  CHECK(verdict == kOk);
  CHECK(WEXITSTATUS(status) == 1);  // the web side ended unexpectedly
}

}  // namespace
}  // namespace command_exporter
