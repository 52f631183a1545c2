// Spawner: starts processes without waiting for them and without copying.
//
// The launcher must never be held up by one command, and fork(2), vfork(2) and
// posix_spawn(3) each hold it up:
//   fork      copies page tables: 13 ms from a process of 200 MB;
//   vfork,    stop the caller until the child has called execve. A program (or
//   posix_    a working directory) on a hung network mount then stops every
//   spawn     other command too, and in bursts the caller, woken at execve,
//             queues behind its own child.
// So: clone(CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD), without CLONE_VFORK.
// Parent and child run at once on one memory, hence these rules:
//   - the child has its own stack, mapped with a guard page below it;
//   - it runs SpawnChild, which uses only raw system calls (spawn_child.hpp);
//   - what it reads (the plan and all it points to) stays unchanged until the
//     kernel has cleared the slot's `alive` word, which it does when the child
//     leaves our memory by execve or by its death (set_tid_address(2)). Until
//     then the slot is not used again: that may be never, for a hung execve;
//   - a failure needs no pipe: the child leaves {fault, errno} in its slot and
//     exits; its parent finds both when it reaps;
//   - all signals are blocked in the launcher, and so in the child until just
//     before execve; all dispositions are default already (launcher_setup.hpp),
//     else a signal that waits would then run a handler in our memory.
// The entry is glibc's exported __clone, not clone: gcc 12's ThreadSanitizer
// replaces the latter by one that does not allow for an asynchronous child.
//
// COMMAND_EXPORTER_SPAWN=fork in the launcher's environment (and other
// machines than x86-64 and arm64) selects fork() with the same child function,
// slower but understood by gdb, which loses its breakpoints here, and by
// Valgrind, which aborts. The slots are shared memory then. Not posix_spawn:
// it cannot change ids, limits or niceness.
//
// A run with a control group is born in it by clone3(CLONE_INTO_CGROUP), by an
// entry of our own (spawn_syscall.hpp). Where that is missing or filtered (old
// container runtimes answer EPERM for clone3), and with fork(), the child moves
// itself there before anything else.
//
// Slots are kept and the last one freed is used first, so that a spawn maps
// nothing; the order lies on the stack's own top page, so that a slot costs
// one page of memory.
//
// Thread safety: none; one thread owns it. Invariant: slots in use belong to
// children that may still run in our memory.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWNER_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWNER_HPP_

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "core/base/result.hpp"
#include "core/process/spawn/spawn_child.hpp"

namespace command_exporter {

// Lies at the top of its own stack.
struct SpawnSlot {
  SpawnOrder order{};
  // Not zero while the child may use our memory. The kernel writes it.
  std::atomic<pid_t> alive{};
  char* stack{};
};

enum class SpawnMode { kSharedMemory, kFork };

// What COMMAND_EXPORTER_SPAWN and the machine allow.
SpawnMode ChosenSpawnMode();

class Spawner {
 public:
  struct Child {
    pid_t pid{};
    SpawnSlot* slot{};
  };

  explicit Spawner(SpawnMode mode);
  ~Spawner();
  Spawner(const Spawner&) = delete;
  Spawner& operator=(const Spawner&) = delete;

  // Returns at once. All that `plan` points to must stay until TryRelease.
  // Errors: EAGAIN, ENOMEM, with fault kClone.
  Result<Child, SpawnFailure> Start(const SpawnPlan& plan);

  // Whether a child can be born in this group and live; else from now on each
  // child with a group moves there by itself. Waits for a child.
  void TryCgroup(int folder);

  // Takes the slot back when the child no longer uses it: then returns true,
  // and `failure` says why there was no execve, if so. A child that has been
  // reaped does not use it.
  bool TryRelease(SpawnSlot* slot, bool reaped, SpawnFailure& failure);

 private:
  SpawnSlot* Acquire();
  // -1 with errno.
  pid_t StartShared(SpawnSlot* slot);

  SpawnMode mode_;
  bool clone_into_cgroup_{};  // TryCgroup said so, and none was refused
  std::size_t page_{};
  std::size_t bytes_{};             // of a mapping, guard page included
  std::vector<SpawnSlot*> free_{};  // last freed at the back
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWNER_HPP_
