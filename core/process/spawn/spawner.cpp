#include "core/process/spawn/spawner.hpp"

#include <sched.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <string_view>

#include "core/process/spawn/spawn_syscall.hpp"

#if COMMAND_EXPORTER_SHARED_MEMORY_SPAWN
// glibc also exports clone under this name; see the header.
// NOLINTNEXTLINE(clang-diagnostic-reserved-identifier,readability-identifier-naming)
extern "C" int __clone(int (*function)(void*), void* stack, int flags,
                       void* argument, ...);
#endif

namespace command_exporter {
namespace {

// Far more than SpawnChild needs, even with a sanitizer.
constexpr std::size_t kStackBytes = 16384;
constexpr std::size_t kStackAlignment = 16;

#if COMMAND_EXPORTER_SHARED_MEMORY_SPAWN
COMMAND_EXPORTER_UNINSTRUMENTED int ExitAtOnce(void* /*unused*/) {
  for (;;) {
    RawSyscall(SYS_exit_group, 0);
  }
}
#endif

std::size_t RoundUp(std::size_t value, std::size_t unit) {
  return (value + unit - 1) / unit * unit;
}

}  // namespace

SpawnMode ChosenSpawnMode() {
  const char* const wish = std::getenv("COMMAND_EXPORTER_SPAWN");
  const bool fork = wish != nullptr && std::string_view(wish) == "fork";
  return fork || !COMMAND_EXPORTER_SHARED_MEMORY_SPAWN
             ? SpawnMode::kFork
             : SpawnMode::kSharedMemory;
}

Spawner::Spawner(SpawnMode mode)
    : mode_(mode),
      page_(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))),
      bytes_(page_ + RoundUp(kStackBytes, page_)) {}

Spawner::~Spawner() {
  // A child may still read a slot in use, so such a slot is not unmapped.
  for (SpawnSlot* const slot : free_) {
    char* const mapping = slot->stack - page_;
    slot->~SpawnSlot();
    ::munmap(mapping, bytes_);
  }
}

SpawnSlot* Spawner::Acquire() {
  if (!free_.empty()) {
    SpawnSlot* const slot = free_.back();
    free_.pop_back();
    return slot;
  }
  const int sharing =
      mode_ == SpawnMode::kFork ? MAP_SHARED : MAP_PRIVATE | MAP_STACK;
  void* const memory = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE,
                              sharing | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    return nullptr;
  }
  if (::mprotect(memory, page_, PROT_NONE) != 0) {
    ::munmap(memory, bytes_);
    return nullptr;
  }
  char* const base = static_cast<char*>(memory);
  const std::size_t place = RoundUp(sizeof(SpawnSlot), alignof(SpawnSlot));
  auto* const slot = new (base + bytes_ - place) SpawnSlot{};
  slot->stack = base + page_;
  return slot;
}

#if COMMAND_EXPORTER_SHARED_MEMORY_SPAWN

void Spawner::TryCgroup(int folder) {
  CloneArguments arguments;  // a fork: the child has its own memory
  arguments.flags = kCloneIntoCgroup;
  arguments.exit_signal = SIGCHLD;
  arguments.cgroup = static_cast<std::uint64_t>(folder);
  const long pid = RawClone3(arguments, &ExitAtOnce, nullptr);
  int status = -1;
  clone_into_cgroup_ = pid > 0 &&
                       ::waitpid(static_cast<pid_t>(pid), &status, 0) ==
                           static_cast<pid_t>(pid) &&
                       WIFEXITED(status);
}

pid_t Spawner::StartShared(SpawnSlot* slot) {
  const auto bottom = reinterpret_cast<std::uintptr_t>(slot->stack);
  const std::size_t size = (reinterpret_cast<std::uintptr_t>(slot) - bottom) /
                           kStackAlignment * kStackAlignment;
  SpawnPlan& plan = slot->order.plan;
  if (plan.cgroup >= 0 && clone_into_cgroup_) {
    CloneArguments arguments;
    arguments.flags = CLONE_VM | CLONE_CHILD_CLEARTID | kCloneIntoCgroup;
    arguments.child_tid = reinterpret_cast<std::uintptr_t>(&slot->alive);
    arguments.exit_signal = SIGCHLD;
    arguments.stack = bottom;
    arguments.stack_size = size;
    arguments.cgroup = static_cast<std::uint64_t>(plan.cgroup);
    plan.enter_cgroup = false;
    const long pid = RawClone3(arguments, &SpawnChild, &slot->order);
    if (pid > 0) {
      return static_cast<pid_t>(pid);
    }
    // These errors mean that clone3 is missing, or forbidden by a filter that
    // does not know it: permanent. With any other error this group refuses; the
    // child will report why.
    clone_into_cgroup_ = pid != -ENOSYS && pid != -EPERM && pid != -EINVAL;
    plan.enter_cgroup = true;
  }
  return __clone(&SpawnChild, slot->stack + size,
                 CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD, &slot->order,
                 nullptr, nullptr, &slot->alive);
}

#else

void Spawner::TryCgroup(int /*folder*/) {
  clone_into_cgroup_ = false;
}

pid_t Spawner::StartShared(SpawnSlot* /*slot*/) {
  errno = ENOSYS;
  return -1;
}

#endif

Result<Spawner::Child, SpawnFailure> Spawner::Start(const SpawnPlan& plan) {
  SpawnSlot* const slot = Acquire();
  if (slot == nullptr) {
    return SpawnFailure{StartFault::kClone, errno};
  }
  slot->order.plan = plan;
  slot->order.plan.enter_cgroup = plan.cgroup >= 0;
  slot->order.failure = {};
  // Before the clone: the kernel clears the word when the child leaves our
  // memory.
  slot->alive.store(1, std::memory_order_release);
  pid_t pid = -1;
  if (mode_ == SpawnMode::kSharedMemory) {
    pid = StartShared(slot);
  } else {
    pid = ::fork();
    if (pid == 0) {
      SpawnChild(&slot->order);
    }
  }
  if (pid < 0) {
    const int error = errno;
    slot->alive.store(0, std::memory_order_relaxed);
    free_.push_back(slot);
    return SpawnFailure{StartFault::kClone, error};
  }
  return Child{pid, slot};
}

// Without CLONE_CHILD_CLEARTID (fork), only reaping shows that the child is
// done.
bool Spawner::TryRelease(SpawnSlot* slot, bool reaped, SpawnEnd& end) {
  if (!reaped && (mode_ == SpawnMode::kFork ||
                  slot->alive.load(std::memory_order_acquire) != 0)) {
    return false;
  }
  end.failure = slot->order.failure;
  if (end.failure.fault != StartFault::kNone &&
      slot->order.diagnosis.obstacle != StartObstacle::kNone) {
    end.diagnosis = std::make_unique<StartDiagnosis>(slot->order.diagnosis);
    slot->order.diagnosis = {};
  }
  free_.push_back(slot);
  return true;
}

}  // namespace command_exporter
