// TreeWalk: goes through what is below this process's children, parents first,
// and kills what a judge gives to death.
//
// Only a child can be signalled by its pid without a doubt, and a descendant
// becomes a child only when its parent dies. A parent that SIGKILL does not end
// (in state D, or held by a tracer below it) therefore keeps all that is below
// it, although that could die, out of reach. So the walk goes down by
// /proc/PID/task/TID/children, and makes sure of each step: a process is held
// by a pidfd first, looked at then, and is ours when its parent is the process
// that we hold above it. What was ours once stays below us, since this process
// is a subreaper, and a pidfd never comes to mean another process. Nobody
// outside our own tree can be signalled.
// pidfd_open(2), prctl(2) PR_SET_CHILD_SUBREAPER
//
// The youngest child comes first: of a process that forks, ends and goes on in
// its child, below a parent that cannot take its dead away, only the last one
// lives, and not for long.
//
// It goes on in slices, for a caller that has other things to do. Where the
// kernel has no pidfds or no lists of children, it finds nothing.
//
// Thread safety: none; the thread that waits for children. Invariant: one pidfd
// a level is open, and none when no walk goes on.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_TREE_WALK_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_TREE_WALK_HPP_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/unique_fd.hpp"

namespace command_exporter {

class TreeWalk {
 public:
  enum class Verdict : std::uint8_t {
    kLeave,  // and all below it
    kSpare,
    kKill,
    kKillTree,  // and all below it, which the judge is not asked about
  };

  struct Process {
    pid_t pid{};
    bool is_child{};  // of this process
    Verdict above{};  // its parent's; kLeave for a child of this process
  };

  using Judge = std::function<Verdict(const Process&)>;

  // Requires: `children` are of this process, or were. Ends a walk that goes
  // on.
  void Begin(std::vector<pid_t> children);
  // Goes on until `until`, by one process at least. True: it is at its end.
  bool Continue(Deadline until, const Judge& judge);

  // Gives up a walk that goes on, with its descriptors.
  void End() { path_.clear(); }

  bool IsGoingOn() const { return !path_.empty(); }

  // Of the walk that is at its end: it met a process that the one before it
  // had not killed, or could not look everywhere.
  bool FoundMore() const { return found_more_; }

 private:
  // A process whose children are being looked at. The first is this process.
  struct Level {
    pid_t pid{};
    UniqueFd process{};
    Verdict verdict{};
    std::vector<pid_t> children{};  // still to be looked at
  };

  void Visit(pid_t pid, const Judge& judge);
  void Kill(pid_t pid, const UniqueFd& process, Duration started);

  std::vector<Level> path_{};
  // By their start, since a pid may come again.
  std::unordered_map<pid_t, Duration> killed_{};
  std::unordered_map<pid_t, Duration> killed_before_{};
  bool found_more_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_TREE_WALK_HPP_
