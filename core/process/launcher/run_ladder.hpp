// RunLadder: the way of a run from its start to its end, one state at a time
// (run.hpp has the table). Each function is one arrow of that table.
//
// It changes one run and knows no other; RunTable tells it what has happened.
//
// Thread safety: none; the launcher's thread. Invariants: a run is reported as
// TimedOut at most once, Ended once, and Released once if it had ended as
// kStuck; TERM comes before KILL unless the grace is 0 or the output has no
// end; a group is signalled only while its leader is not reaped.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_LADDER_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_LADDER_HPP_

#include <cstddef>
#include <utility>

#include "core/base/deadline.hpp"
#include "core/process/ipc/messages.hpp"
#include "core/process/launcher/orphan_table.hpp"
#include "core/process/launcher/run.hpp"
#include "core/process/launcher/run_sink.hpp"
#include "core/process/launcher/run_watch.hpp"

namespace command_exporter {

class RunLadder {
 public:
  // Sink and orphans must outlive this.
  RunLadder(RunSink& sink, const OrphanTable& orphans, RunWatch watch)
      : sink_(&sink),
        orphans_(&orphans),
        watch_(watch) {}

  // The web side wants no more of it.
  void Cancel(Run& run, CancelCause cause, Clock::time_point now);
  // Requires: run.timer has passed.
  void OnTimer(Run& run, Clock::time_point now);
  // A pipe or the control group has changed.
  void OnHangUp(Run& run, Clock::time_point now);
  // In this order, with wait4(2) between them: the leader is a zombie, and the
  // leader is gone. True: the run lingers.
  bool LeaderExited(const Run& run) const;
  void LeaderReaped(Run& run, bool lingers, Clock::time_point now);
  // Nothing of it is left: the last word.
  void Finish(Run& run);

  // Whether, since the last call, something was killed or may be over, so that
  // a sweep is due.
  bool TakeChange() { return std::exchange(changed_, false); }

  // Whether, since the last call, a run was not gone some time after its
  // SIGKILL, so that its tree is to be walked.
  bool TakeDelay() { return std::exchange(delayed_, false); }

  // Runs in kStuck.
  std::size_t stuck() const { return stuck_; }

 private:
  void Terminate(Run& run, Clock::time_point now);
  void Kill(Run& run, Clock::time_point now);
  void Linger(Run& run, Clock::time_point now);
  void Clear(Run& run, Clock::time_point now);
  void Look(Run& run, Clock::time_point now);
  bool SleepsOn(Run& run) const;
  void DeclareStuck(Run& run, Clock::time_point now);

  RunSink* sink_;
  const OrphanTable* orphans_;
  RunWatch watch_;
  bool changed_{};
  bool delayed_{};
  std::size_t stuck_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_LADDER_HPP_
