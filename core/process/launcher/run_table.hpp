// RunTable: all runs that have been started and are not over.
//
// It starts them (run_starter.hpp), takes children that have ended and orphans
// (orphan_table.hpp), and reports to each run what happens to it
// (run_ladder.hpp has the rules).
//
// Passive: the launcher's loop calls it, in this order on each turn: HungUp,
// Reap after SIGCHLD, Cancel, Expire, then Settle once. There is one timer a
// run and at most a few hundred runs, so the next one is found by looking at
// all of them; a heap would cost more than it saves.
//
// Thread safety: none; one thread owns it. Invariants: a pid is a leader or an
// orphan until it is reaped; each run is reported to the sink as Started,
// unless it could not be started.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_TABLE_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_TABLE_HPP_

#include <sys/resource.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/process/ipc/messages.hpp"
#include "core/process/ipc/run_ledger.hpp"
#include "core/process/launcher/admission_queue.hpp"
#include "core/process/launcher/cgroup_pool.hpp"
#include "core/process/launcher/orphan_table.hpp"
#include "core/process/launcher/run.hpp"
#include "core/process/launcher/run_ladder.hpp"
#include "core/process/launcher/run_sink.hpp"
#include "core/process/launcher/run_starter.hpp"
#include "core/process/launcher/tree_sweep.hpp"
#include "core/process/system/cgroup_home.hpp"

namespace command_exporter {

class RunTable {
 public:
  struct Environment {
    int epoll{-1};               // gets (serial) events of lingering pipes
    std::uint64_t event_base{};  // added to the serial
    rlimit open_files{};         // what children get
    CgroupHome cgroups{};
    RunLedger* ledger{};  // may be null
  };

  enum class CommandState { kFree, kLive, kStuck };

  RunTable(RunSink& sink, Environment environment);

  // Requires: StateOf(*run.command) is kFree.
  void Start(WaitingRun run);
  // False when there is no such run.
  bool Cancel(std::uint64_t job, CancelCause cause, Clock::time_point now);
  // Something about a pipe or the control group of a run has changed.
  void HungUp(std::uint64_t serial, Clock::time_point now);
  // Takes children that have ended. True: so many that others may be left,
  // for which no signal will come.
  bool Reap(Clock::time_point now);
  void Expire(Clock::time_point now);
  // Sweeps orphans if anything has changed; tells which runs are over.
  void Settle();
  // Walks the trees of runs that are over, when that is due, for a while.
  void Walk(Clock::time_point now);
  // The end of the launcher: kills and reaps every descendant and forgets all
  // runs without a word. False when some are still there at `until`.
  bool KillEverything(Deadline until);

  Deadline NextTimer() const;
  CommandState StateOf(const RunCommand& command) const;

  // Without those that are stuck.
  std::size_t running() const { return runs_.size() - ladder_.stuck(); }

  // Collectors of which something runs, and those of which something is stuck.
  std::unordered_set<std::uint64_t> BusyCollectors() const;
  std::unordered_set<std::uint64_t> StuckCollectors() const;

  bool AnyStuck() const { return ladder_.stuck() != 0; }

  // Leaders not yet reaped.
  std::size_t processes() const { return leaders_.size(); }

  const OrphanTable& orphans() const { return orphans_; }

  // Of processes whose run was not known, or had been told to be over.
  Duration unattributed_cpu() const { return unattributed_cpu_; }

 private:
  std::unordered_set<std::uint64_t> CollectorsOf(bool stuck) const;
  void Fail(std::uint64_t job, SpawnFailure failure);
  void ReapFirst(Clock::time_point now);
  void LeaderExited(Run& run, Clock::time_point now);
  void OrphanExited(pid_t pid, Clock::time_point now);
  bool IsOver(const Run& run) const;
  TreeWalk::Verdict VerdictOn(const TreeWalk::Process& process) const;
  TreeWalk::Verdict VerdictOnChild(pid_t pid,
                                   const OrphanTable::LiveRuns& live) const;
  void Finish(std::size_t index);
  OrphanTable::LiveRuns LiveRuns();
  Run* Find(std::uint64_t serial) const;

  RunSink* sink_;
  RunLedger* ledger_;
  CgroupPool cgroups_;
  OrphanTable orphans_{};
  RunStarter starter_;
  RunLadder ladder_;
  TreeSweep sweep_{};
  std::uint64_t last_serial_{};
  bool changed_{};       // children came or went, since the last sweep
  bool more_to_reap_{};  // than the last turn had time for
  Duration unattributed_cpu_{};
  std::vector<std::unique_ptr<Run>> runs_{};
  std::unordered_map<pid_t, Run*> leaders_{};  // not reaped
  std::unordered_map<std::uint64_t, Run*> by_identity_{};
  std::vector<LiveRun> live_{};  // kept for its memory
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_TABLE_HPP_
