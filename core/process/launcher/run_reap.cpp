// How runs end: reaping, orphans, the last word.
#include <poll.h>
#include <sys/epoll.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <thread>
#include <utility>

#include "core/process/launcher/run_table.hpp"

namespace command_exporter {
namespace {

constexpr Duration kReapTime = std::chrono::milliseconds{5};

// Nobody else holds a write end: all has been written that ever will be.
bool PipesClosed(const Run& run) {
  std::array<pollfd, 2> ends{{{run.out.get(), 0, 0}, {run.err.get(), 0, 0}}};
  ::poll(ends.data(), ends.size(), 0);
  return std::all_of(ends.begin(), ends.end(), [](const pollfd& end) {
    return (end.revents & (POLLHUP | POLLERR)) != 0;
  });
}

bool IsEnding(RunState state) {
  return state == RunState::kKilling || state == RunState::kClearing ||
         state == RunState::kStuck;
}

DoneMessage EndOf(const Run& run) {
  DoneMessage end;
  const bool memory_bound =
      run.cgroup && run.command->spec().limits.memory.has_value();
  end.over_memory = memory_bound && run.cgroup->RanOutOfMemory() ? 1 : 0;
  end.job = run.job;
  end.leftovers = run.leftovers;
  end.wall_ns = run.wall.count();
  end.cpu_ns = run.cpu.count();
  end.max_rss_bytes = run.max_rss_bytes;
  if (run.failure.fault != StartFault::kNone) {
    end.ending = Ending::kNotStarted;
    end.fault = run.failure.fault;
    end.code = run.failure.error;
  } else if (run.cause) {
    end.ending = *run.cause;
  } else if (!run.status) {
    // waitid(2) showed it and wait4(2) denied it: never a status of 0.
    end.ending = Ending::kLauncherLost;
  } else if (WIFEXITED(*run.status)) {
    end.ending = Ending::kExited;
    end.code = WEXITSTATUS(*run.status);
  } else {
    end.ending = Ending::kSignaled;
    end.code = WTERMSIG(*run.status);
  }
  return end;
}

}  // namespace

bool RunTable::Reap(Clock::time_point now) {
  // So that a storm keeps no timer waiting.
  const Deadline enough(now + kReapTime);
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
      OrphanExited(info.si_pid);
    }
    changed_ = true;
  }
  return true;
}

// The zombie must go in this pass, or waitid would show it for ever; so what
// needs its pid to be taken (a signal to the group) comes before.
void RunTable::LeaderExited(Run& run, Clock::time_point now) {
  const bool lingers = run.state == RunState::kRunning && !PipesClosed(run);
  if (!lingers) {
    ::kill(-run.leader, SIGKILL);
  }
  leaders_.erase(run.leader);
  run.wall = now - run.started;
  if (const auto reaped = command_exporter::Reap(run.leader)) {
    run.status = reaped->status;
    run.cpu += reaped->cpu;
    run.max_rss_bytes = std::max(run.max_rss_bytes, reaped->max_rss_bytes);
  }
  run.reaped = true;
  if (run.slot != nullptr) {
    spawner_.TryRelease(run.slot, true, run.failure);
    run.slot = nullptr;
    std::erase(launching_, &run);
  }
  if (lingers) {
    Linger(run, now);
  } else {
    Clear(run, now);
  }
}

void RunTable::OrphanExited(pid_t pid) {
  const OrphanTable::End end = orphans_.Exited(pid, LiveRuns());
  Run* const run = end.owner ? Find(*end.owner) : nullptr;
  if (run == nullptr) {
    unattributed_cpu_ += end.usage.cpu;
    return;
  }
  run->cpu += end.usage.cpu;
  run->max_rss_bytes = std::max(run->max_rss_bytes, end.usage.max_rss_bytes);
  run->leftovers += end.killed && IsEnding(run->state) ? 1U : 0U;
}

void RunTable::HungUp(std::uint64_t serial, Clock::time_point now) {
  Run* const run = Find(serial);
  if (run == nullptr) {
    return;
  }
  if (run->state == RunState::kLinger && PipesClosed(*run)) {
    Clear(*run, now);
  } else if (IsEnding(run->state)) {
    changed_ = true;  // its control group may be empty now
  }
}

void RunTable::Settle() {
  if (!changed_) {
    return;
  }
  changed_ = false;
  orphans_.Sweep(LiveRuns(), leaders_.size(),
                 [this](pid_t pid) { return leaders_.count(pid) != 0; });
  for (std::size_t i = 0; i < runs_.size();) {
    if (IsOver(*runs_[i])) {
      Finish(i);
    } else {
      ++i;
    }
  }
}

bool RunTable::IsOver(const Run& run) const {
  return run.reaped && IsEnding(run.state) &&
         !orphans_.BelongAnyTo(run.serial) &&
         !(run.cgroup && run.cgroup->Populated());
}

bool RunTable::MayStillDie(const Run& run) const {
  if (!run.reaped && IsBeyondKill(run.leader)) {
    return false;
  }
  return !orphans_.IsAnyBeyondKill(run.serial);
}

void RunTable::DeclareStuck(Run& run) {
  run.state = RunState::kStuck;
  run.timer = Deadline();
  ++stuck_;
  DoneMessage end = EndOf(run);
  end.ending = Ending::kStuck;
  end.code = 0;
  end.fault = StartFault::kNone;
  if (end.wall_ns == 0) {
    end.wall_ns = (Clock::now() - run.started).count();
  }
  run.reported_cpu = run.cpu;
  ClosePipes(run);
  sink_->Ended(end);
}

void RunTable::Finish(std::size_t index) {
  const std::unique_ptr<Run> run = std::move(runs_[index]);
  runs_[index] = std::move(runs_.back());
  runs_.pop_back();
  by_identity_.erase(run->command->identity());
  ClosePipes(*run);
  if (run->state == RunState::kStuck) {
    --stuck_;
    unattributed_cpu_ += run->cpu - run->reported_cpu;
    sink_->Released(run->job);
  } else {
    sink_->Ended(EndOf(*run));
  }
  LeaveCgroup(*run);
}

// A child that has not called execve yet holds duplicates, so closing alone
// would not take a descriptor out of the epoll set.
void RunTable::ClosePipes(Run& run) {
  for (UniqueFd* const fd : {&run.out, &run.err}) {
    if (run.watched && *fd) {
      ::epoll_ctl(environment_.epoll, EPOLL_CTL_DEL, fd->get(), nullptr);
    }
    fd->Reset();
  }
  run.watched = false;
}

// When the leader is gone. The kernel tells when the last one has left.
void RunTable::EmptyCgroup(Run& run) {
  if (!run.cgroup || !run.cgroup->Populated()) {
    return;
  }
  run.cgroup->Kill();
  if (!run.cgroup->watched() && run.cgroup->Watch() >= 0) {
    epoll_event event{};
    event.events = EPOLLPRI | EPOLLET;
    event.data.u64 = environment_.event_base + run.serial;
    ::epoll_ctl(environment_.epoll, EPOLL_CTL_ADD, run.cgroup->Watch(), &event);
  }
}

void RunTable::LeaveCgroup(Run& run) {
  if (!run.cgroup) {
    return;
  }
  if (run.cgroup->watched()) {
    ::epoll_ctl(environment_.epoll, EPOLL_CTL_DEL, run.cgroup->Watch(),
                nullptr);
  }
  cgroups_.Give(std::move(run.cgroup));
}

Run* RunTable::Find(std::uint64_t serial) {
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
