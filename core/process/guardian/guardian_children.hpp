// The guardian's children: its own three, and whatever its descendants leave.
//
// The guardian is a subreaper, often PID 1, so strangers become its children at
// any time. They are reaped like all others and never taken for ours: an own
// child is known by its pid from the fork until it is reaped, while no other
// process can have that pid. Children that were there before the guardian
// (`exec command_exporter` in a shell with jobs) are nobody's leftovers and are
// never killed. Neither are those that a living launcher did not inherit: it is
// a subreaper too, so what comes to us past it was brought in from outside
// (`docker exec`, where we are PID 1).
//
// Thread safety: none; one thread, which alone waits for children.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_CHILDREN_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_CHILDREN_HPP_

#include <sys/types.h>

#include <initializer_list>
#include <optional>
#include <vector>

#include "core/base/deadline.hpp"

namespace command_exporter {

class GuardianChildren {
 public:
  // Notes the children that are already there.
  GuardianChildren();

  // `pid` is ours: its status is kept until TakeStatus.
  void Adopt(pid_t pid);
  // The status (waitpid) of an own child that has ended; then forgets it.
  std::optional<int> TakeStatus(pid_t pid);
  // Its status is of no interest; it is reaped like a stranger.
  void Forget(pid_t pid);
  // SIGKILL to an own child, unless it has been reaped: then its pid may be
  // another's already. True: sent.
  bool Kill(pid_t pid) const;
  // Reaps every child that has ended.
  void Reap();
  // Spares whom we find among our children, but for `keep`, while `launcher`
  // lives; nothing happens when it does not.
  void NoteStrangers(std::initializer_list<pid_t> keep, pid_t launcher);
  // Kills and reaps all children but those in `keep` and strangers, with what
  // becomes our child meanwhile. False when some are still there at
  // `until`: the kernel does not let them go, or they are not ours to kill.
  bool KillAllBut(std::initializer_list<pid_t> keep, Deadline until);

 private:
  struct OwnChild {
    pid_t pid{};
    std::optional<int> status{};
  };

  bool IsSpared(pid_t pid, std::initializer_list<pid_t> keep) const;

  std::vector<pid_t> found_;
  std::vector<pid_t> strangers_;
  std::vector<OwnChild> own_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_CHILDREN_HPP_
