#include "core/process/launcher/run_table.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <thread>
#include <utility>

#include "core/process/system/proc_files.hpp"

namespace command_exporter {
namespace {

// Of one turn of the loop, so that a storm of dying children keeps no timer
// waiting.
constexpr Duration kReapTime = std::chrono::milliseconds{5};
constexpr std::size_t kFewOrphans = 16;

bool HasEnded(pid_t pid) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(pid), &info,
                  WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid != 0;
}

}  // namespace

RunTable::RunTable(RunSink& sink, Environment environment)
    : sink_(&sink),
      ledger_(environment.ledger),
      cgroups_(std::move(environment.cgroups)),
      starter_(cgroups_, orphans_.tags(), environment.open_files),
      ladder_(sink, orphans_,
              RunWatch(environment.epoll, environment.event_base)) {
  if (ledger_ != nullptr) {
    ledger_->TakeOver();
  }
}

void RunTable::Start(WaitingRun waiting) {
  const std::uint64_t job = waiting.job;
  auto started = starter_.Start(std::move(waiting), ++last_serial_);
  if (!started) {
    Fail(job, started.error());
    return;
  }
  std::unique_ptr<Run> run = *std::move(started);
  for (const auto& older : runs_) {
    if (older->leader == run->leader) {
      older->leader = 0;  // reaped, and its session is empty, else not reused
    }
  }
  if (ledger_ != nullptr && orphans_.tags().usable()) {
    run->ledger_line = ledger_->Enter(
        orphans_.tags().TagOf(run->serial).rlim_max, run->command->spec().name);
  }
  leaders_.emplace(run->leader, run.get());
  by_identity_.emplace(run->command->identity(), run.get());
  runs_.push_back(std::move(run));
  sink_->Started(*runs_.back());
}

void RunTable::Fail(std::uint64_t job, SpawnFailure failure) {
  DoneMessage end;
  end.ending = Ending::kNotStarted;
  end.fault = failure.fault;
  end.code = failure.error;
  end.job = job;
  sink_->Ended(end);
}

bool RunTable::Cancel(std::uint64_t job, CancelCause cause,
                      Clock::time_point now) {
  const auto found =
      std::find_if(runs_.begin(), runs_.end(),
                   [job](const auto& run) { return run->job == job; });
  if (found == runs_.end()) {
    return false;
  }
  ladder_.Cancel(**found, cause, now);
  return true;
}

void RunTable::HungUp(std::uint64_t serial, Clock::time_point now) {
  if (Run* const run = Find(serial)) {
    ladder_.OnHangUp(*run, now);
  }
}

void RunTable::Expire(Clock::time_point now) {
  for (const auto& run : runs_) {
    if (run->timer.Passed(now)) {
      ladder_.OnTimer(*run, now);
    }
  }
}

bool RunTable::Reap(Clock::time_point now) {
  const Deadline enough(now + kReapTime);
  if (std::exchange(more_to_reap_, false)) {
    ReapFirst(now);
  }
  while (!enough.Passed()) {
    siginfo_t info{};
    if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0) {
      if (errno == EINTR) {
        continue;
      }
      return false;  // ECHILD: there is no descendant at all
    }
    if (info.si_pid == 0) {
      return false;
    }
    const auto leader = leaders_.find(info.si_pid);
    if (leader != leaders_.end()) {
      LeaderExited(*leader->second, now);
    } else {
      OrphanExited(info.si_pid, now);
    }
    changed_ = true;
  }
  more_to_reap_ = true;
  return true;
}

// The kernel shows the dead in the order in which they became ours: a run that
// ends behind thousands of another's would be reported late. So would one that
// leaves a few orphans behind.
void RunTable::ReapFirst(Clock::time_point now) {
  std::vector<pid_t> leaders;
  for (const auto& [pid, run] : leaders_) {
    if (HasEnded(pid)) {
      leaders.push_back(pid);
    }
  }
  for (const pid_t pid : leaders) {
    LeaderExited(*leaders_.at(pid), now);
  }
  for (const pid_t pid : orphans_.OfRunsWith(kFewOrphans)) {
    if (HasEnded(pid)) {
      OrphanExited(pid, now);
    }
  }
  changed_ = true;
}

// The zombie must go in this pass, or waitid would show it for ever.
void RunTable::LeaderExited(Run& run, Clock::time_point now) {
  const bool lingers = ladder_.LeaderExited(run);
  leaders_.erase(run.leader);
  run.wall = now - run.started;
  if (const auto reaped = command_exporter::Reap(run.leader)) {
    run.status = reaped->status;
    run.cpu += reaped->cpu;
    run.max_rss_bytes = std::max(run.max_rss_bytes, reaped->max_rss_bytes);
  }
  run.reaped = true;
  starter_.LeaderReaped(run);
  ladder_.LeaderReaped(run, lingers, now);
}

void RunTable::OrphanExited(pid_t pid, Clock::time_point now) {
  const OrphanTable::End end = orphans_.Exited(pid, LiveRuns());
  Run* const run = end.owner ? Find(*end.owner) : nullptr;
  if (run == nullptr) {
    unattributed_cpu_ += end.usage.cpu;
    return;
  }
  run->cpu += end.usage.cpu;
  run->max_rss_bytes = std::max(run->max_rss_bytes, end.usage.max_rss_bytes);
  run->leftovers += end.killed && IsEnding(run->state) ? 1U : 0U;
  if (run->state == RunState::kStuck) {
    sweep_.Request(now);  // it goes on dying: what was below it is in reach
  }
}

void RunTable::Settle() {
  changed_ = ladder_.TakeChange() || changed_;
  if (!std::exchange(changed_, false)) {
    return;
  }
  orphans_.Sweep(LiveRuns(), leaders_.size(),
                 [this](pid_t pid) { return leaders_.count(pid) != 0; });
  const std::size_t before = runs_.size();
  for (std::size_t i = 0; i < runs_.size();) {
    if (IsOver(*runs_[i])) {
      Finish(i);
    } else {
      ++i;
    }
  }
  if (runs_.size() < before && AnyStuck()) {
    // Below what is stuck may be what had the tag of a run that is over now.
    sweep_.Request(Clock::now());
  }
}

void RunTable::Walk(Clock::time_point now) {
  if (ladder_.TakeDelay()) {
    sweep_.Request(now);
  }
  if (!sweep_.next().Passed(now)) {
    return;
  }
  const OrphanTable::LiveRuns live = LiveRuns();
  const bool done =
      sweep_.Go(now, [this, &live](const TreeWalk::Process& process) {
        return process.is_child ? VerdictOnChild(process.pid, live)
                                : VerdictOn(process);
      });
  // Whose parent was killed is our child now, and no signal says so.
  changed_ = changed_ || done;
}

// What is below a leader is of its run beyond doubt. An orphan was attributed,
// maybe wrongly, so what is below it is looked at, too.
TreeWalk::Verdict RunTable::VerdictOnChild(
    pid_t pid, const OrphanTable::LiveRuns& live) const {
  const auto leader = leaders_.find(pid);
  if (leader != leaders_.end()) {
    return IsEnding(leader->second->state) ? TreeWalk::Verdict::kKillTree
                                           : TreeWalk::Verdict::kLeave;
  }
  return orphans_.IsDoomed(pid, live) ? TreeWalk::Verdict::kKill
                                      : TreeWalk::Verdict::kSpare;
}

// A run that is in no list is over.
TreeWalk::Verdict RunTable::VerdictOn(const TreeWalk::Process& process) const {
  const auto serial =
      orphans_.tags().SerialIn(RealTimeLimitOf(process.pid), last_serial_);
  if (!serial) {
    return process.above;
  }
  const Run* const run = Find(*serial);
  return run == nullptr || IsEnding(run->state) ? TreeWalk::Verdict::kKill
                                                : TreeWalk::Verdict::kSpare;
}

bool RunTable::IsOver(const Run& run) const {
  return run.reaped && IsEnding(run.state) &&
         !orphans_.BelongAnyTo(run.serial) &&
         !(run.cgroup && run.cgroup->Populated());
}

void RunTable::Finish(std::size_t index) {
  const std::unique_ptr<Run> run = std::move(runs_[index]);
  runs_[index] = std::move(runs_.back());
  runs_.pop_back();
  by_identity_.erase(run->command->identity());
  unattributed_cpu_ += run->state == RunState::kStuck
                           ? run->cpu - run->reported_cpu
                           : Duration{0};
  ladder_.Finish(*run);
  if (ledger_ != nullptr) {
    ledger_->Remove(run->ledger_line);
  }
  if (run->cgroup) {
    cgroups_.Give(std::move(run->cgroup));
  }
}

Run* RunTable::Find(std::uint64_t serial) const {
  const auto found =
      std::find_if(runs_.begin(), runs_.end(),
                   [serial](const auto& run) { return run->serial == serial; });
  return found == runs_.end() ? nullptr : found->get();
}

OrphanTable::LiveRuns RunTable::LiveRuns() {
  live_.clear();
  for (const auto& run : runs_) {
    live_.push_back({run->serial, run->leader, IsEnding(run->state),
                     run->started_since_boot,
                     run->cgroup ? run->cgroup->number() : 0});
  }
  return {live_, last_serial_, cgroups_ ? &cgroups_ : nullptr};
}

Deadline RunTable::NextTimer() const {
  Deadline next = sweep_.next();
  for (const auto& run : runs_) {
    next = std::min(next, run->timer);
  }
  return next;
}

RunTable::CommandState RunTable::StateOf(const RunCommand& command) const {
  const auto found = by_identity_.find(command.identity());
  if (found == by_identity_.end()) {
    return CommandState::kFree;
  }
  return found->second->state == RunState::kStuck ? CommandState::kStuck
                                                  : CommandState::kLive;
}

std::unordered_set<std::uint64_t> RunTable::BusyCollectors() const {
  return CollectorsOf(false);
}

std::unordered_set<std::uint64_t> RunTable::StuckCollectors() const {
  return CollectorsOf(true);
}

std::unordered_set<std::uint64_t> RunTable::CollectorsOf(bool stuck) const {
  std::unordered_set<std::uint64_t> collectors;
  for (const auto& run : runs_) {
    if ((run->state == RunState::kStuck) == stuck) {
      collectors.insert(run->command->collector());
    }
  }
  return collectors;
}

bool RunTable::KillEverything(Deadline until) {
  constexpr std::chrono::milliseconds kPause{1};
  for (const auto& run : runs_) {
    if (!run->reaped) {
      ::kill(-run->leader, SIGKILL);
    }
    if (run->cgroup) {
      run->cgroup->Kill();
    }
  }
  runs_.clear();
  leaders_.clear();
  for (;;) {
    orphans_.KillAll();
    sweep_.KillEverything();
    if (::waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD) {
      return cgroups_.RemoveAll(until);
    }
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    if (until.Passed()) {
      cgroups_.RemoveAll(until);
      return false;
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace command_exporter
