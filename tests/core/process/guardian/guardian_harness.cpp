#include "tests/core/process/guardian/guardian_harness.hpp"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <mutex>
#include <new>
#include <set>
#include <thread>
#include <utility>

#include <catch2/catch.hpp>

#include "core/process/client/guardian_link.hpp"
#include "core/process/client/launcher_client.hpp"
#include "core/process/command/command_table.hpp"
#include "tests/core/process/process_tree.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kTurn{1};

CommandSpec Shell(std::string script) {
  CommandSpec spec;
  spec.name = "test";
  spec.argv = {"sh", "-c", std::move(script)};
  spec.paths = {"/bin/sh"};
  spec.environment = {"PATH=/usr/bin:/bin"};
  spec.grace = milliseconds{200};
  return spec;
}

Result<LoadedConfig> Load(ServiceBoard& board, std::uint32_t generation) {
  ++board.loads;
  while (board.load_hangs) {
    std::this_thread::sleep_for(kTurn);
  }
  if (board.load_fails) {
    return Error{"conf.toml:1:1: first problem\nconf.toml:2:1: second problem"};
  }
  CommandTable table;
  table.generation = generation;
  table.commands.push_back(Shell("exit 0"));
  table.commands.push_back(Shell("sleep 0.5"));
  table.commands.push_back(Shell("exit 3"));
  table.commands.push_back(Shell("trap 'tail -f /dev/null' TERM; sleep 31"));
  table.commands.back().grace = seconds{30};
  table.commands.push_back(Shell("tail -f /dev/null & exit 0"));
  table.commands.push_back(Shell("exit 0"));
  table.commands.back().name = "elsewhere";
  table.commands.back().grace = seconds{0};
  if (board.cwd[0] != 0) {
    table.commands.back().cwd = board.cwd.data();
  }
  for (std::uint32_t i = 0; i < kSleepers; ++i) {
    table.commands.push_back(
        Shell("setsid sleep 31 >/dev/null 2>&1 </dev/null & sleep 31; : " +
              std::to_string(i)));
  }
  return LoadedConfig{EncodeCommandTable(table),
                      "generation " + std::to_string(generation)};
}

// The web side of the tests.
class Web {
 public:
  Web(ServiceBoard& board, WebSideStart start)
      : board_(board),
        client_(std::move(start.launcher)),
        link_(std::move(start.guardian), Handlers()) {
    board_.generation = start.generation;
  }

  int Run() {
    sigset_t mask;
    ::sigprocmask(SIG_SETMASK, nullptr, &mask);
    std::uint64_t bits = 0;
    for (int signal = 1; signal < SIGRTMIN; ++signal) {
      bits |= ::sigismember(&mask, signal) == 1
                  ? std::uint64_t{1} << static_cast<unsigned>(signal - 1)
                  : 0;
    }
    board_.sigmask_of_web = bits;
    link_.Ready();
    board_.ready = true;
    while (!board_.stopped && !lost_ && !board_.web_should_end) {
      Turn();
      std::this_thread::sleep_for(kTurn);
    }
    if (board_.stopped) {
      std::this_thread::sleep_for(milliseconds{board_.stop_takes_ms});
    }
    return board_.web_should_end ? 3 : 0;
  }

 private:
  GuardianHandlers Handlers() {
    GuardianHandlers handlers;
    handlers.generation = [this](std::uint32_t generation,
                                 const std::string& text) {
      if (text == "generation " + std::to_string(generation)) {
        board_.generation = generation;
      }
    };
    handlers.reload_failed = [this](const std::string& errors) {
      if (errors.find("second problem") != std::string::npos) {
        ++board_.reloads_failed;
      } else {
        ++board_.loads_ended;
      }
    };
    handlers.launcher_socket = [this](UniqueFd socket) {
      ++board_.sockets;
      client_.Connect(std::move(socket));
    };
    handlers.stop = [this] { board_.stopped = true; };
    handlers.lost = [this] { lost_ = true; };
    return handlers;
  }

  void Turn() {
    while (board_.runs_wanted > 0) {
      --board_.runs_wanted;
      StartOne(board_.command++);
    }
    if (board_.reload_wanted.exchange(false)) {
      link_.RequestReload();
    }
    if (board_.stats_wanted) {
      link_.RequestStats();
      if (const auto stats = link_.stats()) {
        board_.restarts_told =
            static_cast<std::uint32_t>(stats->launcher_restarts);
      }
    }
  }

  void StartOne(std::uint32_t command) {
    CommandRequest request;
    request.generation = board_.generation;
    request.command = command;
    request.timeout = milliseconds{board_.timeout_ms};
    request.deadline = Deadline::After(seconds{8});
    request.max_output = 1000;
    RunCallbacks callbacks;
    callbacks.done = [this](const CommandResult& result) {
      if (result.ending == Ending::kExited && result.code == 0) {
        ++board_.exited;
      } else if (result.ending == Ending::kLauncherLost) {
        ++board_.lost;
      } else {
        board_.stuck += result.ending == Ending::kStuck ? 1U : 0U;
        ++board_.otherwise;
      }
    };
    callbacks.timed_out = [this](const CommandResult& /*result*/) {
      ++board_.timed_out;
    };
    client_.Start(request, callbacks);
    ++board_.started;
  }

  ServiceBoard& board_;
  std::atomic<bool> lost_{};
  LauncherClient client_;
  GuardianLink link_;
};

}  // namespace

bool Eventually(const std::function<bool()>& holds, milliseconds patience) {
  const Deadline until = Deadline::After(patience);
  while (!holds()) {
    if (until.Passed()) {
      return false;
    }
    std::this_thread::sleep_for(kTurn);
  }
  return true;
}

Service::Service(const std::function<void()>& before, bool wait_ready,
                 FirstLoad first_load, const Change& change) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  {
    INFO("the tests before this one have left these behind");
    REQUIRE(Strangers(Below(::getpid())) == "");
  }
  void* memory = ::mmap(nullptr, sizeof(ServiceBoard), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  board_ = new (memory) ServiceBoard;
  ServiceBoard& board = *board_;
  board.load_fails = first_load == FirstLoad::kFails;
  board.load_hangs = first_load == FirstLoad::kHangs;
  guardian_ = ::fork();
  if (guardian_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setpgid(0, 0);             // signals to its group must not reach the test
    ::signal(SIGABRT, SIG_DFL);  // nor is its end a finding of Catch's
    if (before) {
      before();
    }
    GuardianOptions options;
    options.load = [&board](std::uint32_t generation) {
      return Load(board, generation);
    };
    options.web_side = [&board](WebSideStart start) {
      return Web(board, std::move(start)).Run();
    };
    if (change) {
      change(options, board);
    }
    ::_exit(RunGuardian(std::move(options)));
  }
  if (wait_ready) {
    // On a busy host the launcher, though forked first, may get its name last.
    Eventually([&] { return board.ready && launcher() > 0; });
  }
}

Service::~Service() {
  Eventually([] {
    const auto left = Below(::getpid());
    for (const pid_t pid : left) {
      ::kill(pid, SIGKILL);
    }
    ReapOwn();
    return left.empty();
  });
  ::munmap(board_, sizeof(ServiceBoard));
}

// A child of the guardian itself: a process that the launcher cloned has the
// launcher's name until exec.
pid_t Service::Role(const char* name) const {
  const std::string guardian = std::to_string(guardian_);
  std::ifstream children("/proc/" + guardian + "/task/" + guardian +
                         "/children");
  for (pid_t pid = 0; children >> pid;) {
    if (NameOf(pid) == name) {
      return pid;
    }
  }
  return 0;
}

bool Service::Signal(const char* role, int signal) const {
  pid_t pid = 0;
  return Eventually([&] { return (pid = Role(role)) > 0; }) &&
         ::kill(pid, signal) == 0;
}

std::size_t Service::CountNamed(const std::string& name) const {
  std::size_t count = 0;
  for (const pid_t pid : SeenBelow(guardian_)) {
    count += NameOf(pid) == name ? 1U : 0U;
  }
  return count;
}

void Service::Start(std::uint32_t command, std::uint32_t count) {
  const std::uint32_t before = board_->started;
  board_->command = command;
  board_->runs_wanted = count;
  Eventually([&] { return board_->started == before + count; });
}

int Service::WaitForEnd(milliseconds patience) {
  int status = -1;
  Eventually(
      [&] { return ::waitpid(guardian_, &status, WNOHANG) == guardian_; },
      patience);
  return status;
}

std::string Service::Left(milliseconds patience) const {
  std::string left;
  Eventually(
      [&] {
        if (::kill(guardian_, 0) != 0) {
          ReapOwn();
        }
        left = Strangers(SeenBelow(::getpid()));
        if (left.empty()) {
          left = Strangers(Below(::getpid()));
        }
        return left.empty();
      },
      patience);
  return left;
}

std::string Service::Strangers(const std::set<pid_t>& pids) const {
  const bool ended = guardian_ <= 0 || ::kill(guardian_, 0) != 0;
  std::string strangers;
  for (const pid_t pid : pids) {
    const std::string name = NameOf(pid);
    const bool role =
        pid == guardian_ || name == "ce-launcher" || name == "ce-web";
    if (ended || !role) {
      strangers += std::to_string(pid) + " " + name + "\n";
    }
  }
  return strangers;
}

}  // namespace command_exporter
