// GuardianChildren: the guardian's own three children, and the orphans of its
// descendants.
//
// The guardian is a subreaper, often PID 1, so strangers become its children at
// any time. They are reaped like all others but never taken for own children:
// an own child is known by its pid from the fork until it is reaped, and no
// other process can have that pid meanwhile. Children that existed before the
// guardian (`exec command_exporter` in a shell with jobs) are not our orphans
// and are never killed. Nor are orphans that came to the guardian although a
// launcher was alive: the launcher is a subreaper too, so such a process came
// from outside (`docker exec`, where we are PID 1).
//
// Thread safety: none; one thread, and only it waits for children.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_CHILDREN_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_CHILDREN_HPP_

#include <sys/types.h>

#include <initializer_list>
#include <optional>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/process/system/child_list.hpp"
#include "core/process/system/tree_walk.hpp"

namespace command_exporter {

class GuardianChildren {
 public:
  // Records the existing children as strangers.
  GuardianChildren();

  // `pid` is an own child: its status is kept until TakeStatus.
  void Adopt(pid_t pid);
  // The status (waitpid) of an own child that has ended; then forgets the
  // child.
  std::optional<int> TakeStatus(pid_t pid);
  // Waits and reaps until an own child has ended. True: it has, and is
  // forgotten with its status; or it is none.
  bool AwaitEnd(pid_t pid, Deadline until);
  // Its status is not needed; the child is reaped like a stranger.
  void Forget(pid_t pid);
  // Sends SIGKILL to an own child, unless it was reaped: its pid may already
  // belong to another process. True: sent.
  bool Kill(pid_t pid) const;
  // Reaps every child that has ended.
  void Reap();
  // Records all present children but `keep` as strangers, if `launcher` is
  // alive; does nothing otherwise.
  void NoteStrangers(std::initializer_list<pid_t> keep, pid_t launcher);
  // Kills all children but `keep` and strangers, and all that is below them,
  // and reaps its own. False: some are still there at `until`, because the
  // kernel does not end them or we may not kill them.
  bool KillAllBut(std::initializer_list<pid_t> keep, Deadline until);

  // The end: the same for all children but strangers, and then those that are
  // still there, with all below them.
  std::vector<pid_t> KillAll(Deadline until);

  // A walk goes on, so that KillAllBut should be called again soon.
  bool IsWalking() const { return walk_.IsGoingOn(); }

  // In a forked process: gives up what is open here.
  void Close();

 private:
  struct OwnChild {
    pid_t pid{};
    std::optional<int> status{};
    bool forgotten{};  // nobody asks for its status
  };

  enum class Extent { kNotForgotten, kAll };

  bool KillWhile(std::initializer_list<pid_t> keep, Extent extent,
                 Deadline until);
  bool IsSpared(pid_t pid, std::initializer_list<pid_t> keep) const;
  bool IsForgotten(pid_t pid) const;
  bool IsStranger(pid_t pid) const;

  ChildList list_{};
  TreeWalk walk_{};
  std::vector<pid_t> old_;  // left by a dead launcher
  std::vector<pid_t> found_;
  std::vector<pid_t> strangers_;
  std::vector<OwnChild> own_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_CHILDREN_HPP_
