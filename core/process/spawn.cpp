#include "core/process/spawn.hpp"

#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <string_view>

#include "core/process/spawn_syscall.hpp"

#if COMMAND_EXPORTER_SHARED_MEMORY_SPAWN
// Exported by glibc under this name too; see the header.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" int __clone(int (*function)(void*), void* stack, int flags,
                       void* argument, ...);
#endif

namespace command_exporter {
namespace {

// Far more than SpawnChild needs, in a sanitizer's build too.
constexpr std::size_t kStackBytes = 16384;
constexpr std::size_t kStackAlignment = 16;

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
  // A slot in use belongs to a child that may still read it: leave it.
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

Result<Spawner::Child, SpawnFailure> Spawner::Start(const SpawnPlan& plan) {
  SpawnSlot* const slot = Acquire();
  if (slot == nullptr) {
    return SpawnFailure{SpawnStage::kClone, errno};
  }
  slot->order.plan = plan;
  slot->order.failure = {};
  slot->alive.store(1, std::memory_order_release);
  pid_t pid = -1;
#if COMMAND_EXPORTER_SHARED_MEMORY_SPAWN
  if (mode_ == SpawnMode::kSharedMemory) {
    const auto top = reinterpret_cast<std::uintptr_t>(slot);
    char* const stack =
        slot->stack + (top - reinterpret_cast<std::uintptr_t>(slot->stack)) /
                          kStackAlignment * kStackAlignment;
    pid = __clone(&SpawnChild, stack, CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD,
                  &slot->order, nullptr, nullptr, &slot->alive);
  }
#endif
  if (mode_ == SpawnMode::kFork) {
    pid = ::fork();
    if (pid == 0) {
      SpawnChild(&slot->order);
    }
  }
  if (pid < 0) {
    const int error = errno;
    slot->alive.store(0, std::memory_order_relaxed);
    free_.push_back(slot);
    return SpawnFailure{SpawnStage::kClone, error};
  }
  return Child{pid, slot};
}

bool Spawner::TryRelease(SpawnSlot* slot, bool reaped, SpawnFailure& failure) {
  if (!reaped && (mode_ == SpawnMode::kFork ||
                  slot->alive.load(std::memory_order_acquire) != 0)) {
    return false;
  }
  failure = slot->order.failure;
  free_.push_back(slot);
  return true;
}

}  // namespace command_exporter
