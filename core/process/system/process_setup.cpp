#include "core/process/system/process_setup.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "core/base/unique_fd.hpp"

namespace command_exporter {

void FillStandardDescriptors() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF) {
      // The lowest free number is this one. Not CLOEXEC, as any standard
      // descriptor. NOLINTNEXTLINE(android-cloexec-open)
      UniqueFd null{::open("/dev/null", O_RDWR)};
      null.Release();
    }
  }
}

void SetDisposition(int signal, void (*disposition)(int)) {
  struct sigaction action {};

  action.sa_handler = disposition;
  ::sigaction(signal, &action, nullptr);
}

void UndoInheritedIgnore() {
  for (int signal = 1; signal <= SIGRTMAX; ++signal) {
    struct sigaction action {};

    if (::sigaction(signal, nullptr, &action) == 0 &&
        action.sa_handler == SIG_IGN) {
      SetDisposition(signal, SIG_DFL);
    }
  }
}

void IgnoreWriteSignals() {
  for (const int signal : {SIGPIPE, SIGXFSZ}) {
    SetDisposition(signal, SIG_IGN);
  }
}

sigset_t SignalSet(std::initializer_list<int> signals) {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : signals) {
    ::sigaddset(&set, signal);
  }
  return set;
}

void FollowGuardian(pid_t guardian, int signal) {
  ::prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0);
  if (::getppid() != guardian) {
    ::_exit(EXIT_FAILURE);  // it died before the line above
  }
}

void HideMemory() {
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void SetOpenFiles(rlim_t soft) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = soft;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
}

}  // namespace command_exporter
