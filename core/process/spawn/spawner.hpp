// Spawner: starts processes without waiting for them and without copying.
//
// The launcher must never wait for one command, and fork(2), vfork(2) and
// posix_spawn(3) each make it wait:
//   fork      copies page tables: 13 ms from a process of 200 MB;
//   vfork,    stop the caller until the child has called execve. A program (or
//   posix_    a working directory) on a hung network mount then stops every
//   spawn     other command too, and in bursts the caller, woken at execve,
//             queues behind its own child.
// Therefore: clone(CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD), without
// CLONE_VFORK. Parent and child run at once in one memory, which needs these
// rules:
//   - the child has its own stack, mapped with a guard page below it;
//   - it runs SpawnChild, which uses only raw system calls (spawn_child.hpp);
//   - its input (the plan and all it points to) stays unchanged until the
//     kernel has cleared the slot's `alive` word, which it does when the child
//     leaves our memory by execve or death (set_tid_address(2)). The slot is
//     not reused before that: never, for a hung execve;
//   - a failure needs no pipe: the child leaves {fault, errno} and their
//     diagnosis in its slot and exits; the parent reads them when it reaps;
//   - all signals are blocked in the launcher, and therefore in the child until
//     just before execve; all dispositions are default (launcher_setup.hpp),
//     because a pending signal would otherwise run a handler in our memory.
// The entry is glibc's exported __clone, not clone: gcc 12's ThreadSanitizer
// replaces the latter by a version without support for an asynchronous child.
//
// COMMAND_EXPORTER_SPAWN=fork in the launcher's environment (and machines other
// than x86-64 and arm64) selects fork() with the same child function. It is
// slower, but works under gdb, which loses its breakpoints here, and under
// Valgrind, which aborts. The slots are then shared memory. posix_spawn is no
// alternative: it cannot change ids, limits or niceness.
//
// A run with a control group is born in it by clone3(CLONE_INTO_CGROUP), called
// by our own assembly (spawn_syscall.hpp). Where that is missing or filtered
// (old container runtimes return EPERM for clone3), and with fork(), the
// child's first step is to enter the group.
//
// Slots are kept and the last one freed is used first, so that a spawn maps
// nothing. The order lies on the stack's own top page, so that a slot costs one
// page of memory.
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
  // Not zero while the child may use our memory. The kernel clears it.
  std::atomic<pid_t> alive{};
  char* stack{};
};

struct SpawnEnd {
  SpawnFailure failure{};
  std::unique_ptr<StartDiagnosis> diagnosis{};  // null: nothing was found
};

enum class SpawnMode { kSharedMemory, kFork };

// The mode that COMMAND_EXPORTER_SPAWN and the machine allow.
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

  // Returns at once. Everything that `plan` points to must stay until
  // TryRelease. Errors: EAGAIN, ENOMEM, with fault kClone.
  Result<Child, SpawnFailure> Start(const SpawnPlan& plan);

  // Tests whether a child can be born in this group and live. If not, each
  // later child with a group enters it itself. Waits for a child.
  void TryCgroup(int folder);

  // Takes the slot back when the child no longer uses it, and returns true;
  // `end` then says why execve failed, if it did. A reaped child no longer uses
  // its slot.
  bool TryRelease(SpawnSlot* slot, bool reaped, SpawnEnd& end);

 private:
  SpawnSlot* Acquire();
  // -1 with errno.
  pid_t StartShared(SpawnSlot* slot);

  SpawnMode mode_;
  bool clone_into_cgroup_{};  // TryCgroup succeeded, and no clone3 was refused
  std::size_t page_{};
  std::size_t bytes_{};             // of a mapping, guard page included
  std::vector<SpawnSlot*> free_{};  // last freed at the back
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SPAWN_SPAWNER_HPP_
