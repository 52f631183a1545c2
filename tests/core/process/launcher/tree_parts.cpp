#include "tests/core/process/launcher/tree_parts.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "core/process/system/child_list.hpp"
#include "core/process/system/proc_files.hpp"
#include "tests/core/process/launcher/hung_mount.hpp"
#include "tests/core/process/launcher/tree_programs.hpp"

namespace command_exporter {
namespace {

constexpr unsigned kLife = 170;

std::atomic<int>* settled = nullptr;

// Where only a parent may trace (Yama).
void LetBeTraced() {
  ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
}

bool Unshare(int flags) {
  const uid_t user = ::getuid();
  if (user == 0) {
    return ::unshare(flags) == 0;
  }
  if (::unshare(flags | CLONE_NEWUSER) != 0) {
    return false;
  }
  std::ofstream("/proc/self/setgroups") << "deny";
  std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
  return true;
}

}  // namespace

void BeginProgram() {
  ::signal(SIGTERM, SIG_IGN);  // the parts do the same
  void* const memory =
      ::mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  settled = new (memory) std::atomic<int>{};
}

void Rest() {
  ::sleep(kLife);
  ::_exit(0);
}

void Settle() {
  ++*settled;
}

void AwaitSettled(int count) {
  for (unsigned i = 0; i < kLife * 1000 && *settled < count; ++i) {
    ::usleep(1000);
  }
}

void SayReady() {
  static_cast<void>(::write(STDOUT_FILENO, "ready\n", 6) > 0);
}

void Hang() {
  const std::string path = std::string(std::getenv(kHangVariable)) + "/open";
  ::close(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

void SayReadyAndHang() {
  SayReady();
  Hang();
}

pid_t InSession(const std::function<void()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::setsid();
    body();
    Rest();
  }
  return child;
}

void Chain(int length) {
  InSession([length] {
    if (length > 1) {
      Chain(length - 1);
    }
    Settle();
  });
}

void Bush(int levels) {
  constexpr int kBranches = 4;
  for (int i = 0; levels > 0 && i < kBranches; ++i) {
    InSession([levels] {
      Bush(levels - 1);
      Settle();
    });
  }
}

void Trace(pid_t pid) {
  if (::ptrace(PTRACE_SEIZE, pid, nullptr, PTRACE_O_TRACEEXIT) == 0) {
    Settle();
  }
}

void TraceUpwards(int levels) {
  LetBeTraced();
  const pid_t above = ::getpid();
  InSession([above, levels] {
    Trace(above);
    if (levels > 1) {
      TraceUpwards(levels - 1);
    }
  });
}

void HoldByVfork(const std::function<void()>& body) {
  if (::syscall(SYS_clone, CLONE_VFORK | SIGCHLD, nullptr) == 0) {
    ::setsid();
    body();
    Rest();
  }
}

void ForkOn() {
  constexpr int kMost = 3000;
  for (int i = 0; i < kMost; ++i) {
    InSession(Settle);
    ::usleep(500);
  }
}

void Hop() {
  constexpr int kMost = 8000;  // as many zombies may be kept
  for (int i = 0; i < kMost; ++i) {
    if (::fork() > 0) {
      ::_exit(0);
    }
    ::setsid();
    Settle();
  }
}

void LeaveDaemons() {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  constexpr int kDaemons = 5;
  for (int i = 0; i < kDaemons; ++i) {
    const pid_t between = ::fork();
    if (between == 0) {
      InSession(Settle);
      ::_exit(0);
    }
    ::waitpid(between, nullptr, 0);
  }
}

void EnterPidNamespace() {
  if (Unshare(CLONE_NEWPID)) {
    InSession([] {
      InSession(Settle);
      Settle();
    });
  }
}

// In a mount namespace, so that nothing of it has to be removed.
void HangOnOwnServer() {
  if (!Unshare(CLONE_NEWNS) ||
      ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("none", "/tmp", "tmpfs", 0, nullptr) != 0) {
    return;
  }
  InSession([] {
    const HungMount mount;
    if (mount.usable() && ::symlink(mount.path().c_str(), "/tmp/hang") == 0) {
      Settle();
      Rest();
    }
  });
  AwaitSettled(1);
  ::setenv(kHangVariable, "/tmp/hang", 1);
  SayReadyAndHang();
}

void SetTag(std::uint64_t tag) {
  const rlimit limit{tag, tag};
  if (::setrlimit(RLIMIT_RTTIME, &limit) == 0) {
    Settle();
  }
}

void TakeOthersTag(pid_t launcher) {
  std::vector<pid_t> runs;
  ReadChildrenOf(launcher, runs);
  if (!runs.empty()) {
    SetTag(RealTimeLimitOf(runs.front()));
  }
}

void HangInSecondThread() {
  std::thread([] {
    Chain(2);
    AwaitSettled(2);
    SayReadyAndHang();
    Rest();
  }).detach();
  ::syscall(SYS_exit, 0);  // of this thread
}

void HangWithChildOfSecondThread() {
  std::thread([] {
    Chain(1);
    Settle();
    Rest();
  }).detach();
  AwaitSettled(2);
  SayReadyAndHang();
}

}  // namespace command_exporter
