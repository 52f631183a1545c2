#include "core/process/launcher/orphan_table.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "core/process/launcher/run_command.hpp"
#include "core/process/system/proc_files.hpp"

namespace command_exporter {
namespace {

Duration ToDuration(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) +
         std::chrono::microseconds(time.tv_usec);
}

}  // namespace

std::optional<ReapedChild> Reap(pid_t pid) {
  constexpr std::uint64_t kKilobyte = 1024;
  int status = 0;
  rusage usage{};
  if (::wait4(pid, &status, 0, &usage) != pid) {
    return std::nullopt;
  }
  return ReapedChild{status,
                     ToDuration(usage.ru_utime) + ToDuration(usage.ru_stime),
                     static_cast<std::uint64_t>(usage.ru_maxrss) * kKilobyte};
}

std::string OrphanTable::MarkerOfThisProcess() {
  return MarkerPrefix(::getpid());
}

void OrphanTable::Sweep(const LiveRuns& live, std::size_t leaders,
                        const std::function<bool(pid_t)>& is_leader) {
  children_.Read(pids_);
  if (orphans_.empty() && pids_.size() == leaders) {
    return;
  }
  for (const pid_t pid : pids_) {
    if (is_leader(pid)) {
      continue;
    }
    Orphan& orphan = Meet(pid, live, Life::kUnknown);
    if (!orphan.killed &&
        FateOf(orphan.facts, orphan.owner, live.runs) == OrphanFate::kKill) {
      orphan.killed = ::kill(pid, SIGKILL) == 0;
    }
  }
}

OrphanTable::Orphan& OrphanTable::Meet(pid_t pid, const LiveRuns& live,
                                       Life life) {
  const auto [place, is_new] = orphans_.try_emplace(pid);
  Orphan& orphan = place->second;
  if (!is_new) {
    return orphan;
  }
  orphan.facts.session = ::getsid(pid);
  orphan.facts.last_serial = live.last_serial;
  const bool in_session = std::any_of(
      live.runs.begin(), live.runs.end(), [&orphan](const LiveRun& run) {
        return run.leader == orphan.facts.session;
      });
  if (!in_session && live.cgroups != nullptr) {
    orphan.facts.cgroup = live.cgroups->NumberOf(pid);
  }
  if (!in_session && orphan.facts.cgroup == 0) {
    orphan.facts.marker = MarkOf(pid, live.last_serial, life);
    if (!orphan.facts.marker) {
      if (const auto process = FactsOf(pid)) {
        orphan.facts.last_serial = LastRunBefore(process->started, live.runs);
      }
    }
  }
  orphan.owner = OwnerOf(orphan.facts, live.runs);
  return orphan;
}

std::optional<std::uint64_t> OrphanTable::MarkOf(pid_t pid,
                                                 std::uint64_t last_serial,
                                                 Life life) {
  if (tags_.usable()) {
    return tags_.SerialIn(RealTimeLimitOf(pid), last_serial);
  }
  // The dead have no environment, and there may be a storm of them.
  if (life == Life::kOver) {
    return std::nullopt;
  }
  ReadEnvironment(pid, environment_);
  return FindMarker(environment_, marker_prefix_);
}

std::size_t OrphanTable::nameless() const {
  return static_cast<std::size_t>(std::count_if(
      orphans_.begin(), orphans_.end(),
      [](const auto& it) { return !it.second.owner.has_value(); }));
}

OrphanTable::End OrphanTable::Exited(pid_t pid, const LiveRuns& live) {
  End end;
  end.owner = Meet(pid, live, Life::kOver).owner;
  orphans_.erase(pid);
  if (const auto reaped = Reap(pid)) {
    end.usage = *reaped;
    end.killed =
        WIFSIGNALED(reaped->status) && WTERMSIG(reaped->status) == SIGKILL;
    killed_ += end.killed ? 1U : 0U;
  }
  return end;
}

void OrphanTable::KillAll() {
  children_.Read(pids_);
  for (const pid_t pid : pids_) {
    ::kill(pid, SIGKILL);
  }
}

bool OrphanTable::IsDoomed(pid_t pid, const LiveRuns& live) const {
  const auto orphan = orphans_.find(pid);
  return orphan != orphans_.end() &&
         FateOf(orphan->second.facts, orphan->second.owner, live.runs) ==
             OrphanFate::kKill;
}

std::vector<pid_t> OrphanTable::Of(std::uint64_t serial) const {
  std::vector<pid_t> pids;
  for (const auto& [pid, orphan] : orphans_) {
    if (orphan.owner == serial) {
      pids.push_back(pid);
    }
  }
  return pids;
}

std::vector<pid_t> OrphanTable::OfRunsWith(std::size_t few) const {
  std::unordered_map<std::uint64_t, std::size_t> counts;
  for (const auto& [pid, orphan] : orphans_) {
    if (orphan.owner) {
      ++counts[*orphan.owner];
    }
  }
  std::vector<pid_t> pids;
  for (const auto& [pid, orphan] : orphans_) {
    if (orphan.owner && counts[*orphan.owner] <= few) {
      pids.push_back(pid);
    }
  }
  return pids;
}

bool OrphanTable::BelongAnyTo(std::uint64_t serial) const {
  return std::any_of(
      orphans_.begin(), orphans_.end(),
      [serial](const auto& it) { return it.second.owner == serial; });
}

}  // namespace command_exporter
