#include "tests/core/process/launcher/kernel_sleeper.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "core/base/deadline.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/system/proc_files.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

[[noreturn]] void SleepAgainAndAgain(const char* fifo) {
  posix_spawn_file_actions_t actions{};
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, fifo, O_RDONLY, 0);
  std::array<char, 10> program{"/bin/true"};
  const std::array<char*, 2> argv{program.data(), nullptr};
  for (;;) {
    pid_t child = 0;
    if (::posix_spawn(&child, program.data(), &actions, nullptr, argv.data(),
                      nullptr) != 0) {
      ::_exit(1);
    }
    ::waitpid(child, nullptr, 0);
  }
}

}  // namespace

KernelSleeper::KernelSleeper()
    : fifo_("/tmp/kernel_sleeper_" + std::to_string(::getpid())) {
  ::unlink(fifo_.c_str());
  if (::mkfifo(fifo_.c_str(), S_IRUSR | S_IWUSR) != 0) {
    return;
  }
  pid_ = ::fork();
  if (pid_ == 0) {
    SleepAgainAndAgain(fifo_.c_str());
  }
  WaitForSleepAfter(0);
}

KernelSleeper::~KernelSleeper() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  // Its child waits for a writer still.
  const UniqueFd last(::open(fifo_.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
  ::unlink(fifo_.c_str());
}

// The end is closed before the wait: an open one would let the next child
// through, and a sleep that ends by itself would be taken for the next one.
void KernelSleeper::WakeOnce() {
  const std::uint64_t before = SwitchesInKernelSleep(pid_).value_or(switches_);
  { const UniqueFd end(::open(fifo_.c_str(), O_WRONLY | O_CLOEXEC)); }
  WaitForSleepAfter(before);
}

void KernelSleeper::WaitForSleepAfter(std::uint64_t switches) {
  asleep_ = false;
  const Deadline enough = Deadline::After(10s);
  while (!asleep_ && !enough.Passed()) {
    const auto now = SwitchesInKernelSleep(pid_);
    asleep_ = now && *now > switches;
    switches_ = now.value_or(0);
    if (!asleep_) {
      std::this_thread::sleep_for(1ms);
    }
  }
}

}  // namespace command_exporter
