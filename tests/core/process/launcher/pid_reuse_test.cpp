// Reused pids: a pid of a run belongs to a stranger a moment later, and no
// stranger is signalled.
//
// Real machines wrap after 32,768 or four million pids. In a PID namespace, the
// test instead sets back the counter through /proc/sys/kernel/ns_last_pid, a
// thousand times a second, so that runs and strangers reuse each other's
// numbers all the time.
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <map>
#include <new>

#include <catch2/catch.hpp>

#include "core/base/unique_fd.hpp"
#include "tests/core/process/launcher/launcher_driver.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

// In memory shared by all processes.
struct Board {
  std::atomic<std::uint32_t> strangers{};  // ended
  std::atomic<std::uint32_t> signalled{};
  std::atomic<bool> works{};
};

void Sleep(Duration time) {
  const timespec length{0, time.count()};
  ::nanosleep(&length, nullptr);
}

// Strangers in sessions of their own, so that their pids are groups as well.
[[noreturn]] void MakeStrangers(Board& board) {
  constexpr int kAtOnce = 8;
  const UniqueFd last(
      ::open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC));
  board.works = ::pwrite(last.get(), "300", 3, 0) == 3;
  for (int alive = 0;;) {
    board.works = board.works && ::pwrite(last.get(), "300", 3, 0) == 3;
    for (; alive < kAtOnce; ++alive) {
      if (::fork() == 0) {
        ::setsid();
        Sleep(2ms);
        ::_exit(0);
      }
    }
    Sleep(1ms);
    int status = 0;
    while (::waitpid(-1, &status, WNOHANG) > 0) {
      --alive;
      ++board.strangers;
      board.signalled += status == 0 ? 0U : 1U;
    }
  }
}

// The driver's child is PID 1 of the namespace; the launcher continues in a
// child of it, beside the strangers.
void BeginWorld(Board& board) {
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("proc", "/proc", "proc", 0, nullptr) != 0) {
    ::_exit(1);
  }
  const pid_t strangers = ::fork();
  if (strangers == 0) {
    ::close_range(3, ~0U, 0);
    MakeStrangers(board);
  }
  while (!board.works && ::waitpid(strangers, nullptr, WNOHANG) == 0) {
    Sleep(1ms);
  }
  const pid_t launcher = ::fork();
  if (launcher == 0) {
    return;
  }
  ::close_range(3, ~0U, 0);
  int status = 0;
  pid_t ended = 0;
  while ((ended = ::wait(&status)) != launcher) {
    if (ended == strangers) {
      board.works = false;
    }
  }
  ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

std::vector<CommandSpec> Commands() {
  std::vector<CommandSpec> commands{
      Program({"/bin/sleep", "31"}),
      Shell("trap '' TERM; sleep 31; sleep 31"),
      Shell("(setsid sleep 31 >/dev/null 2>&1 </dev/null &); echo hi"),
      Shell("kill -STOP $$; sleep 31"),
      // Healthy, with a process in a session of its own.
      Shell("setsid sleep .02 & wait $!; echo $?"),
      Program({"/bin/true"}),
  };
  for (std::size_t i = 0; i < commands.size(); ++i) {
    commands[i].name += std::to_string(i);
    commands[i].grace = 5ms;
  }
  return commands;
}

// Starts each command again as soon as it is done.
void RunAll(LauncherDriver& launcher, std::size_t runs) {
  const std::size_t commands = Commands().size();
  std::map<std::uint32_t, std::uint64_t> live;
  for (std::size_t done = 0; done < runs;) {
    for (std::uint32_t command = 0; command < commands; ++command) {
      if (live.count(command) == 0) {
        live[command] = launcher.Start(command, command < 4 ? 10ms : 20'000ms);
      }
    }
    launcher.Serve(20s, [&] {
      return std::any_of(live.begin(), live.end(), [&](const auto& run) {
        return launcher.Look(run.second).done.has_value();
      });
    });
    for (auto run = live.begin(); run != live.end();) {
      const TestRun& end = launcher.Look(run->second);
      if (!end.done) {
        ++run;
        continue;
      }
      if (run->first == 4) {
        CHECK(end.out == "0\n");
      }
      if (run->first >= 4) {
        CHECK(end.done->ending == Ending::kExited);
      }
      ++done;
      run = live.erase(run);
    }
  }
  for (const auto& [command, run] : live) {
    launcher.Wait(run);
  }
}

// COMMAND_EXPORTER_TEST_PID_RUNS=70000 for a long test.
std::size_t WantedRuns() {
  constexpr std::size_t kFew = 300;
  constexpr int kDecimal = 10;
  const char* const wanted = std::getenv("COMMAND_EXPORTER_TEST_PID_RUNS");
  return wanted == nullptr ? kFew : std::strtoul(wanted, nullptr, kDecimal);
}

TEST_CASE("no stranger is signalled while pids are used again and again") {
  NEEDS(pid_counter);
  void* const shared = ::mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(shared != MAP_FAILED);
  Board& board = *new (shared) Board;
  constexpr std::size_t kRunsOfOne = 1000;  // the driver keeps all of them
  for (std::size_t left = WantedRuns(); left > 0;) {
    const std::size_t runs = std::min(left, kRunsOfOne);
    left -= runs;
    // The next child is PID 1; later children are born in this namespace again.
    const UniqueFd here(::open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC));
    REQUIRE(::unshare(CLONE_NEWPID) == 0);
    LauncherDriver launcher(Commands(), Before([&board] {
                              if (::unshare(CLONE_NEWNS) != 0) {
                                ::_exit(1);
                              }
                              BeginWorld(board);
                            }));
    REQUIRE(::setns(here.get(), CLONE_NEWPID) == 0);
    REQUIRE(board.works.load());
    RunAll(launcher, runs);
    CHECK(board.works.load());
    CHECK(launcher.Close() == 0);
  }
  INFO(board.strangers.load() << " strangers");
  CHECK(board.strangers.load() > 0);
  CHECK(board.signalled.load() == 0);
  ::munmap(shared, sizeof(Board));
}

}  // namespace
}  // namespace command_exporter
