#include "core/process/launcher/launcher_setup.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <unordered_map>
#include <vector>

#include "core/base/close_files.hpp"
#include "core/process/system/process_setup.hpp"

namespace command_exporter {
namespace {

// The child closes all by close_range(2); this is for kernels without it.
void CloseOthersOnExec() {
  for (const int fd : OpenFds().value_or(std::vector<int>{})) {
    if (fd > STDERR_FILENO) {
      ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
  }
}

// Handlers too, a sanitizer's or a test framework's: a child empties its mask
// just before execve, and a signal that waits would run them in our memory.
void SetDefaultDispositions() {
  for (int signal = 1; signal <= SIGRTMAX; ++signal) {
    SetDisposition(signal, SIG_DFL);
  }
}

}  // namespace

rlimit SetUpLauncherProcess() {
  FillStandardDescriptors();
  CloseOthersOnExec();
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  SetDefaultDispositions();
  ::setsid();  // fails where the guardian has already done it
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  rlimit found{};
  ::getrlimit(RLIMIT_NOFILE, &found);
  SetOpenFiles(found.rlim_max);
  return found;
}

void BindLibraries() {
  std::unordered_map<int, int> any;
  any.emplace(0, 0);  // needs to know how many buckets there should be
}

UniqueFd OpenChildSignals() {
  const sigset_t set = SignalSet({SIGCHLD});
  return UniqueFd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

}  // namespace command_exporter
