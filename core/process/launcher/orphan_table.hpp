// OrphanTable: the children that are nobody's run, and what becomes of them.
//
// Whose an orphan is, its session and its run's tag tell (run_tags.hpp), also
// after its death, so that its processor time reaches the run. Where tags
// cannot be had, the environment of a living orphan is read, which can wait for
// a process that hangs in its own memory; nothing else here can.
//
// A sweep reads the list of our children, gives each new orphan to its run
// (orphan_rule.hpp) and kills those whose time has come. Only children that we
// have not reaped are signalled, by pid, so no stranger can be hit. What a
// killed orphan leaves behind becomes our child in turn, and its death brings
// the next sweep: that ends, whatever the shape of the tree.
//
// Thread safety: none; one thread owns it.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_ORPHAN_TABLE_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_ORPHAN_TABLE_HPP_

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/process/launcher/cgroup_pool.hpp"
#include "core/process/launcher/orphan_rule.hpp"
#include "core/process/launcher/run_tags.hpp"
#include "core/process/system/child_list.hpp"

namespace command_exporter {

// A child's end as wait4(2) tells it.
struct ReapedChild {
  int status{};
  Duration cpu{};
  std::uint64_t max_rss_bytes{};
};

// None when there is no such child, which does not happen to a child that
// waitid(2) has just shown.
std::optional<ReapedChild> Reap(pid_t pid);

class OrphanTable {
 public:
  struct LiveRuns {
    std::span<const LiveRun> runs{};
    std::uint64_t last_serial{};
    const CgroupPool* cgroups{};  // may be null
  };

  // Requires: all leaders that are not reaped fulfil `is_leader`.
  void Sweep(const LiveRuns& live, std::size_t leaders,
             const std::function<bool(pid_t)>& is_leader);

  struct End {
    std::optional<std::uint64_t> owner{};
    bool killed{};
    ReapedChild usage{};
  };

  // Reaps an orphan that has ended. Requires: waitid(2) has shown it.
  End Exited(pid_t pid, const LiveRuns& live);

  // Kills all children, leaders too. Does not reap.
  void KillAll();

  bool BelongAnyTo(std::uint64_t serial) const;

  // A sweep would kill it. An unknown one waits for its first sweep.
  bool IsDoomed(pid_t pid, const LiveRuns& live) const;

  // The orphans of a run.
  std::vector<pid_t> Of(std::uint64_t serial) const;

  // The orphans of all runs that have at most `few` of them.
  std::vector<pid_t> OfRunsWith(std::size_t few) const;

  std::uint64_t killed() const { return killed_; }

  // Orphans that are there and belong to nobody: they wait for the end of the
  // runs that may own them, or cannot be killed.
  std::size_t nameless() const;

  const RunTags& tags() const { return tags_; }

 private:
  struct Orphan {
    OrphanFacts facts{};
    std::optional<std::uint64_t> owner{};
    bool killed{};  // once is enough, and there may be thousands
  };

  enum class Life { kUnknown, kOver };

  Orphan& Meet(pid_t pid, const LiveRuns& live, Life life);

  // The serial that it bears, by tag or environment.
  std::optional<std::uint64_t> MarkOf(pid_t pid, std::uint64_t last_serial,
                                      Life life);

  ChildList children_{};
  RunTags tags_{RunTags::OfThisProcess()};
  std::string marker_prefix_{MarkerOfThisProcess()};
  std::unordered_map<pid_t, Orphan> orphans_{};
  std::vector<pid_t> pids_{};  // kept for its memory
  std::string environment_{};  // likewise
  std::uint64_t killed_{};

  static std::string MarkerOfThisProcess();
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_ORPHAN_TABLE_HPP_
