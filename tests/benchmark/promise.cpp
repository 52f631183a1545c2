#include "tests/benchmark/promise.hpp"

#include <sys/ptrace.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

#include "core/base/deadline.hpp"
#include "tests/benchmark/engine_host.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;

constexpr Duration kTimeout = 200ms;
constexpr Duration kGrace = 100ms;
constexpr int kDaemons = 100;
constexpr int kTree = 5000;
constexpr Duration kTreeTimeout = std::chrono::seconds{30};  // until it stands

std::int64_t Now() {
  return Clock::now().time_since_epoch().count();
}

void PrintNow() {
  std::printf("%lld\n", static_cast<long long>(Now()));
  std::fflush(stdout);
}

std::int64_t TimeIn(const CommandResult& result) {
  std::int64_t time{};
  std::from_chars(result.out.data(), result.out.data() + result.out.size(),
                  time);
  if (time == 0) {
    std::fprintf(stderr, "the program did not tell its time: %s\n",
                 result.err.c_str());
    std::_Exit(EXIT_FAILURE);
  }
  return time;
}

double Milliseconds(std::int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e6;
}

std::string OwnPath() {
  std::array<char, 4096> path{};
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  return {path.data(), static_cast<std::size_t>(size)};
}

[[noreturn]] void IgnoreTerm() {
  sigset_t term;
  ::sigemptyset(&term);
  ::sigaddset(&term, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &term, nullptr);
  for (;;) {
    int signal = 0;
    ::sigwait(&term, &signal);
    PrintNow();
  }
}

[[noreturn]] void LeaveDaemons() {
  for (int i = 0; i < kDaemons; ++i) {
    if (::fork() == 0) {
      ::setsid();
      if (::fork() != 0) {
        ::_exit(0);
      }
      ::close(STDOUT_FILENO);
      ::close(STDERR_FILENO);
      for (;;) {
        ::pause();
      }
    }
  }
  std::this_thread::sleep_for(100ms);  // until each has become a daemon
  PrintNow();
  ::_exit(0);
}

[[noreturn]] void PauseForEver() {
  for (;;) {
    ::pause();
  }
}

[[noreturn]] void GrowTree() {
  const pid_t leader = ::getpid();
  if (::fork() == 0) {
    ::setsid();
    ::ptrace(PTRACE_SEIZE, leader, nullptr, PTRACE_O_TRACEEXIT);
    for (int i = 0; i < kTree; ++i) {
      if (::fork() == 0) {
        ::setsid();
        PauseForEver();
      }
    }
    PrintNow();
  }
  PauseForEver();
}

}  // namespace

int PrintTimeoutLateness(int runs) {
  CommandSpec spec = BenchmarkCommand({OwnPath(), "victim", "term"});
  spec.grace = kGrace;
  EngineHost engine({spec});
  for (int i = 0; i < runs; ++i) {
    const std::int64_t asked = Now();
    const CommandResult result = engine.Run(0, kTimeout);
    const std::int64_t over = Now();
    const std::int64_t term = TimeIn(result);
    std::printf("%.3f %.3f\n", Milliseconds(term - asked - kTimeout.count()),
                Milliseconds(over - asked - kTimeout.count() - kGrace.count()));
  }
  return EXIT_SUCCESS;
}

int PrintDaemonsEnd(int runs) {
  EngineHost engine({BenchmarkCommand({OwnPath(), "victim", "daemons"})});
  for (int i = 0; i < runs; ++i) {
    const CommandResult result = engine.Run(0, std::chrono::seconds{10});
    const std::int64_t over = Now();
    if (result.leftovers != kDaemons) {
      std::fprintf(stderr, "it left %u daemons\n", result.leftovers);
      return EXIT_FAILURE;
    }
    std::printf("%.3f\n", Milliseconds(over - TimeIn(result)));
  }
  return EXIT_SUCCESS;
}

int PrintTreeEnd(int runs) {
  CommandSpec tree = BenchmarkCommand({OwnPath(), "victim", "tree"});
  tree.grace = Duration{0};
  EngineHost engine({tree, BenchmarkCommand({"/bin/true"}, 1)});
  for (int i = 0; i < runs; ++i) {
    const Clock::time_point deadline = Clock::now() + kTreeTimeout;
    std::atomic<std::int64_t> over{};
    CommandResult result;
    engine.client().Start({.generation = 1,
                           .command = 0,
                           .timeout = kTreeTimeout,
                           .deadline = Deadline(deadline),
                           .max_output = 4096},
                          {.done = [&](const CommandResult& end) {
                            result = end;
                            over = Now();
                          }});
    std::int64_t longest = 0;
    while (over == 0) {
      const std::int64_t asked = Now();
      engine.Run(1, std::chrono::seconds{10});
      if (Clock::now() > deadline) {
        longest = std::max(longest, Now() - asked);
      }
    }
    TimeIn(result);  // it stood
    std::printf("%.3f %.3f\n",
                Milliseconds(over - deadline.time_since_epoch().count()),
                Milliseconds(longest));
  }
  return EXIT_SUCCESS;
}

void PlayVictim(int argc, char** argv) {
  if (argc != 3 || std::string_view(argv[1]) != "victim") {
    return;
  }
  if (std::string_view(argv[2]) == "term") {
    IgnoreTerm();
  }
  if (std::string_view(argv[2]) == "tree") {
    GrowTree();
  }
  LeaveDaemons();
}

}  // namespace command_exporter
