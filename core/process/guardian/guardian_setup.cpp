#include "core/process/guardian/guardian_setup.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <system_error>

namespace command_exporter {
namespace {

Error SystemError(const char* call) {
  return Error{std::string(call) + ": " +
               std::system_category().message(errno)};
}

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

// After exec a signal is at its default or ignored. Handlers that are there
// all the same belong to the run time (sanitizers) and stay.
void UndoInheritedIgnore() {
  for (int signal = 1; signal <= SIGRTMAX; ++signal) {
    struct sigaction action {};

    if (::sigaction(signal, nullptr, &action) == 0 &&
        action.sa_handler == SIG_IGN) {
      SetDisposition(signal, SIG_DFL);
    }
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

void IgnoreWhatGroupsGet() {
  for (const int signal : {SIGHUP, SIGINT, SIGTERM}) {
    SetDisposition(signal, SIG_IGN);
  }
}

void TakeRole(ChildRole role, pid_t guardian) {
  sigset_t mask = SignalSet({});
  switch (role) {
    case ChildRole::kLoader:
      ::prctl(PR_SET_NAME, "ce-loader", 0, 0, 0);
      FollowGuardian(guardian, SIGKILL);
      IgnoreWhatGroupsGet();
      break;
    case ChildRole::kLauncher:
      ::prctl(PR_SET_NAME, "ce-launcher", 0, 0, 0);
      FollowGuardian(guardian, SIGCONT);
      ::setsid();
      SetDisposition(SIGPIPE, SIG_DFL);
      ::sigfillset(&mask);
      break;
    case ChildRole::kWebSide:
      ::prctl(PR_SET_NAME, "ce-web", 0, 0, 0);
      FollowGuardian(guardian, SIGKILL);
      IgnoreWhatGroupsGet();
      break;
  }
  ::sigprocmask(SIG_SETMASK, &mask, nullptr);
}

}  // namespace

void FollowGuardian(pid_t guardian, int signal) {
  ::prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0);
  if (::getppid() != guardian) {
    ::_exit(EXIT_FAILURE);  // it died before the line above
  }
}

void SetOpenFiles(rlim_t soft) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = soft;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
}

Result<GuardianProcess> SetUpGuardian() {
  FillStandardDescriptors();
  UndoInheritedIgnore();
  SetDisposition(SIGPIPE, SIG_IGN);
  const sigset_t waited = SignalSet({SIGHUP, SIGINT, SIGTERM, SIGCHLD});
  if (::sigprocmask(SIG_SETMASK, &waited, nullptr) != 0) {
    return SystemError("sigprocmask");
  }
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) {
    return SystemError("prctl(PR_SET_CHILD_SUBREAPER)");
  }
  GuardianProcess process;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return SystemError("getrlimit");
  }
  process.open_files = limit.rlim_cur;
  SetOpenFiles(limit.rlim_max);
  process.signals =
      UniqueFd{::signalfd(-1, &waited, SFD_CLOEXEC | SFD_NONBLOCK)};
  if (!process.signals) {
    return SystemError("signalfd");
  }
  return process;
}

Result<pid_t> ForkChild(ChildRole role, const std::function<int()>& body) {
  // Else both would write what is buffered.
  std::fflush(nullptr);
  const pid_t guardian = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) {
    return SystemError("fork");
  }
  if (child > 0) {
    return child;
  }
  TakeRole(role, guardian);
  const int status = body();
  std::fflush(nullptr);
  // Not exit: the handlers registered before the fork are the guardian's.
  ::_exit(status);
}

UniqueFd Duplicate(const UniqueFd& fd) {
  return UniqueFd{::fcntl(fd.get(), F_DUPFD_CLOEXEC, 0)};
}

}  // namespace command_exporter
