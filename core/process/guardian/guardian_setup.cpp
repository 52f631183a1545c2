#include "core/process/guardian/guardian_setup.hpp"

#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <initializer_list>

#include "core/base/system_error.hpp"
#include "core/process/system/process_setup.hpp"

namespace command_exporter {
namespace {

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
      UndoInheritedIgnore();
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

Result<GuardianProcess> SetUpGuardian() {
  HideMemory();  // the other roles are forks of this one
  FillStandardDescriptors();
  UndoInheritedIgnore();
  IgnoreWriteSignals();
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
  // Otherwise both processes would write the buffered output.
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
  // Not exit: handlers registered before the fork belong to the guardian.
  ::_exit(status);
}

}  // namespace command_exporter
