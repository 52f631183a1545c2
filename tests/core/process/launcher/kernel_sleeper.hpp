// KernelSleeper: a process that sleeps in the kernel, in state D, until the
// test wakes it; then it sleeps again.
//
// It starts programs by posix_spawn(3), whose caller sleeps in that state until
// the child has called execve; the child opens a FIFO before that, which waits
// for the test. No privilege is needed, and SIGKILL ends it at any time.
//
// Thread safety: none. The test's process must have one thread (it forks).
#ifndef COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_KERNEL_SLEEPER_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_KERNEL_SLEEPER_HPP_

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace command_exporter {

class KernelSleeper {
 public:
  // Returns when it sleeps.
  KernelSleeper();
  ~KernelSleeper();
  KernelSleeper(const KernelSleeper&) = delete;
  KernelSleeper& operator=(const KernelSleeper&) = delete;

  pid_t pid() const { return pid_; }

  // False: it did not fall asleep in 10 s.
  bool asleep() const { return asleep_; }

  // Wakes it, and returns when it is in its next sleep.
  void WakeOnce();

 private:
  void WaitForSleepAfter(std::uint64_t switches);

  std::string fifo_;
  pid_t pid_{};
  bool asleep_{};
  std::uint64_t switches_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_KERNEL_SLEEPER_HPP_
