#include "core/process/spawn/spawn_child.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/prctl.h>

#include <csignal>

#include "core/process/spawn/spawn_look.hpp"
#include "core/process/spawn/spawn_syscall.hpp"
#include "core/process/spawn/spawn_trust.hpp"

#ifndef SYS_close_range
#define SYS_close_range 436  // the same on every architecture
#endif

#define COMMAND_EXPORTER_CHILD_ONLY \
  COMMAND_EXPORTER_UNINSTRUMENTED __attribute__((always_inline)) inline

static_assert(sizeof(void*) == 8,
              "command_exporter needs a 64-bit machine: on a 32-bit one the "
              "calls SYS_setgroups, SYS_setresgid and SYS_setresuid cut ids to "
              "16 bits, so that a command could run as somebody else");

namespace command_exporter {
namespace {

// The size of the kernel's signal set, which differs from libc's.
constexpr long kSignalSetBytes = _NSIG / 8;
constexpr int kFailureStatus = 127;

COMMAND_EXPORTER_CHILD_ONLY long Address(const void* pointer) {
  return reinterpret_cast<long>(pointer);
}

COMMAND_EXPORTER_CHILD_ONLY long TakeDescriptors(const SpawnPlan& plan) {
  const int sources[] = {plan.stdin_fd, plan.stdout_fd, plan.stderr_fd};
  for (int target = 0; target < 3; ++target) {
    const long result = RawSyscall(SYS_dup3, sources[target], target, 0);
    if (result < 0) {
      return result;
    }
  }
  constexpr long kFirst = 3;
  constexpr long kLast = 0xFFFFFFFFL;
  if (RawSyscall(SYS_close_range, kFirst, kLast, 0) < 0) {
    for (int fd = kFirst; fd <= plan.highest_fd; ++fd) {
      RawSyscall(SYS_close, fd);
    }
  }
  return 0;
}

// The first step, so that no process of the run is ever outside the group.
COMMAND_EXPORTER_CHILD_ONLY long EnterCgroup(const SpawnPlan& plan) {
  const long file = RawSyscall(SYS_openat, plan.cgroup, Address("cgroup.procs"),
                               O_WRONLY | O_CLOEXEC);
  return file < 0 ? file : RawSyscall(SYS_write, file, Address("0"), 1);
}

// Another user must not get the exporter's capabilities. The kernel drops them
// only if the process was root, capabilities(7). Emptying the inheritable set
// also empties the ambient one.
COMMAND_EXPORTER_CHILD_ONLY long DropCapabilities() {
  static constexpr __user_cap_header_struct kOwn{_LINUX_CAPABILITY_VERSION_3,
                                                 0};
  static constexpr __user_cap_data_struct kNone[_LINUX_CAPABILITY_U32S_3] = {};
  const long result = RawSyscall(SYS_capset, Address(&kOwn), Address(kNone));
  if (result == 0) {
    return 0;
  }
  // A filter (seccomp) may forbid the call; there must be no capabilities then.
  __user_cap_data_struct left[_LINUX_CAPABILITY_U32S_3];
  const long seen = RawSyscall(SYS_capget, Address(&kOwn), Address(left));
  return seen == 0 && (left[0].permitted | left[1].permitted) == 0 ? 0 : result;
}

COMMAND_EXPORTER_CHILD_ONLY SpawnFailure BecomeUser(const SpawnPlan& plan) {
  if (!plan.set_ids) {
    return {};
  }
  long result = RawSyscall(SYS_setgroups, static_cast<long>(plan.group_count),
                           Address(plan.groups));
  if (result < 0) {
    return {StartFault::kGroups, static_cast<int>(-result)};
  }
  result = RawSyscall(SYS_setresgid, plan.gid, plan.gid, plan.gid);
  if (result < 0) {
    return {StartFault::kGid, static_cast<int>(-result)};
  }
  result = RawSyscall(SYS_setresuid, plan.uid, plan.uid, plan.uid);
  // The memory is the launcher's until execve, and the new user's to trace
  // where fs.suid_dumpable is 1: see HideMemory in
  // process/system/process_setup.hpp.
  RawSyscall(SYS_prctl, PR_SET_DUMPABLE, 0);
  if (result == 0 && plan.uid != 0) {
    result = DropCapabilities();
  }
  if (result < 0) {
    return {StartFault::kUid, static_cast<int>(-result)};
  }
  return {};
}

COMMAND_EXPORTER_CHILD_ONLY SpawnFailure Limit(const SpawnPlan& plan) {
  RawSyscall(SYS_umask, plan.umask);
  if (plan.set_nice) {
    const long result = RawSyscall(SYS_setpriority, PRIO_PROCESS, 0, plan.nice);
    if (result < 0) {
      return {StartFault::kNice, static_cast<int>(-result)};
    }
  }
  if (plan.set_tag) {
    const long result =
        RawSyscall(SYS_prlimit64, 0, RLIMIT_RTTIME, Address(&plan.tag), 0);
    if (result < 0) {
      return {StartFault::kLimits, static_cast<int>(-result)};
    }
  }
  for (std::size_t i = 0; i < plan.limit_count; ++i) {
    const ResourceLimit& limit = plan.limits[i];
    const long result =
        RawSyscall(SYS_prlimit64, 0, limit.resource, Address(&limit.value), 0);
    if (result < 0) {
      return {StartFault::kLimits, static_cast<int>(-result)};
    }
  }
  return {};
}

// As execvp(3): if a folder lacks the program, or has one that may not be run,
// the next folder is tried. Unlike execvp: no shell on ENOEXEC.
COMMAND_EXPORTER_CHILD_ONLY SpawnFailure Execute(const SpawnPlan& plan) {
  bool denied = false;
  long result = -ENOENT;
  for (const char* const* path = plan.paths; *path != nullptr; ++path) {
    result = plan.check_program ? InspectProgram(*path, plan.program_owner) : 0;
    if (result > 0) {
      return {StartFault::kTrust, EPERM};
    }
    if (result == 0) {
      result = RawSyscall(SYS_execve, Address(*path), Address(plan.argv),
                          Address(plan.envp));
    }
    if (result == -EACCES) {
      denied = true;
    } else if (result != -ENOENT && result != -ENOTDIR) {
      return {StartFault::kExec, static_cast<int>(-result)};
    }
  }
  return {StartFault::kExec, denied ? EACCES : static_cast<int>(-result)};
}

COMMAND_EXPORTER_CHILD_ONLY SpawnFailure Launch(const SpawnPlan& plan) {
  long result = plan.enter_cgroup ? EnterCgroup(plan) : 0;
  if (result < 0 && plan.cgroup_required) {
    return {StartFault::kCgroup, static_cast<int>(-result)};
  }
  // A session, not only a group: it also detaches the terminal, so that a
  // command that opens /dev/tty fails instead of being stopped.
  result = RawSyscall(SYS_setsid);
  if (result < 0) {
    return {StartFault::kSession, static_cast<int>(-result)};
  }
  result = TakeDescriptors(plan);
  if (result < 0) {
    return {StartFault::kDescriptors, static_cast<int>(-result)};
  }
  SpawnFailure failure = Limit(plan);
  if (failure.fault != StartFault::kNone) {
    return failure;
  }
  failure = BecomeUser(plan);
  if (failure.fault != StartFault::kNone) {
    return failure;
  }
  // After setresuid, which clears it. Needed only if guardian and launcher are
  // killed together; otherwise one of them kills the run.
  RawSyscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
  if (RawSyscall(SYS_getppid) != plan.parent) {
    return {StartFault::kSession, ESRCH};
  }
  result = RawSyscall(SYS_chdir, Address(plan.cwd));
  if (result < 0) {
    return {StartFault::kChdir, static_cast<int>(-result)};
  }
  static constexpr std::uint64_t kNone[_NSIG / 64 + 1] = {};
  result = RawSyscall(SYS_rt_sigprocmask, SIG_SETMASK, Address(kNone), 0,
                      kSignalSetBytes);
  if (result < 0) {
    return {StartFault::kSignalMask, static_cast<int>(-result)};
  }
  if (plan.only_look) {
    return {StartFault::kExec, 0};
  }
  return Execute(plan);
}

}  // namespace

COMMAND_EXPORTER_UNINSTRUMENTED int SpawnChild(void* order) {
  auto* const mine = static_cast<SpawnOrder*>(order);
  mine->failure = Launch(mine->plan);
  // After the failure itself, which so is known even if the look never ends.
  // The slot may hold what an earlier child found.
  mine->diagnosis.obstacle = StartObstacle::kNone;
  mine->diagnosis.is_program = 0;
  LookAtFailure(mine->plan, mine->failure, mine->diagnosis);
  for (;;) {
    RawSyscall(SYS_exit_group, kFailureStatus);
  }
}

}  // namespace command_exporter
