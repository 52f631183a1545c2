// TreeSweep: when the launcher walks the trees of its runs (tree_walk.hpp), and
// how often.
//
// Nearly every run is gone a moment after its SIGKILL, and nothing is walked.
// When one is not, walks follow each other, first after 10 ms and then after
// ever longer pauses up to 1 s, until two of them have found nothing more to
// kill. A walk takes at most 2 ms of a turn of the loop, so that a tree of
// thousands keeps no timer waiting.
//
// Thread safety: none; the launcher's thread.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_TREE_SWEEP_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_TREE_SWEEP_HPP_

#include "core/base/deadline.hpp"
#include "core/process/system/child_list.hpp"
#include "core/process/system/tree_walk.hpp"

namespace command_exporter {

class TreeSweep {
 public:
  // Something of a run is not gone, or has just come into reach. The pauses
  // begin anew: another run may have made them long.
  void Request(Clock::time_point now);

  // When Go is due.
  Deadline next() const { return next_; }

  // A slice; nothing before it is due. True: a walk has come to its end.
  bool Go(Clock::time_point now, const TreeWalk::Judge& judge);
  // Without pauses, to be called again and again: all that is below us.
  void KillEverything();

 private:
  bool WalkOn(const TreeWalk::Judge& judge);

  ChildList list_{};
  TreeWalk walk_{};
  Clock::time_point last_{};  // the end of the last walk
  Deadline next_{};
  Duration pause_{};
  int fruitless_{};  // walks in a row
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_TREE_SWEEP_HPP_
