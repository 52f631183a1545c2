#include "core/process/launcher/run_table.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <utility>

#include "core/process/ipc/sealed_file.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

constexpr mode_t kDefaultUmask = 022;
// How long a process may take to go after SIGKILL before we call it stuck:
// enough for hundreds of them on a busy machine.
constexpr Duration kKillWait = 400ms;
// And when it could go but gets no processor to do so.
constexpr Duration kKillPatience = 5s;
// How long a pipe may be held by others after the leader's end.
constexpr Duration kLingerWait = 100ms;

bool OpenPipe(UniqueFd& reader, UniqueFd& writer) {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return false;
  }
  reader.Reset(ends[0]);
  writer.Reset(ends[1]);
  return true;
}

// Of which /proc tells a process's start.
Duration SinceBoot() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::seconds(now.tv_sec) +
         std::chrono::nanoseconds(now.tv_nsec);
}

// To the whole group; to the leader alone in the moment before its setsid.
void Signal(const Run& run, int signal) {
  if (::kill(-run.leader, signal) != 0 && errno == ESRCH) {
    ::kill(run.leader, signal);
  }
}

}  // namespace

RunTable::RunTable(RunSink& sink, Environment environment)
    : sink_(&sink),
      environment_(std::move(environment)),
      cgroups_(environment_.cgroups),
      null_input_(::open("/dev/null", O_RDONLY | O_CLOEXEC)),
      self_(::getpid()) {
  if (auto cgroup = cgroups_.Take({})) {
    spawner_.TryCgroup((*cgroup)->folder());
    cgroups_.Give(*std::move(cgroup));
  }
}

void RunTable::Start(WaitingRun waiting) {
  auto run = std::make_unique<Run>();
  ChildEnds ends;
  SpawnFailure failure = Open(waiting.command->spec(), *run, ends);
  if (failure.fault == StartFault::kNone) {
    failure = Contain(waiting.command->spec(), *run);
  }
  if (failure.fault != StartFault::kNone) {
    Fail(waiting.job, failure);
    return;
  }
  run->job = waiting.job;
  run->serial = ++last_serial_;
  run->command = waiting.command;
  run->generation = std::move(waiting.generation);
  HarvestSlots();
  run->started_since_boot = SinceBoot();
  const auto child = spawner_.Start(PlanFor(*run, waiting.timeout, ends));
  if (!child) {
    LeaveCgroup(*run);
    Fail(waiting.job, child.error());
    return;
  }
  run->started = Clock::now();
  run->timeout = Deadline(run->started + waiting.timeout);
  run->timer = run->timeout;
  run->leader = child->pid;
  run->slot = child->slot;
  for (const auto& older : runs_) {
    if (older->leader == run->leader) {
      older->leader = 0;  // reaped, and its session is empty, else not reused
    }
  }
  leaders_.emplace(run->leader, run.get());
  by_identity_.emplace(run->command->identity(), run.get());
  launching_.push_back(run.get());
  runs_.push_back(std::move(run));
  sink_->Started(*runs_.back());
}

SpawnFailure RunTable::Open(const CommandSpec& spec, Run& run,
                            ChildEnds& ends) {
  if (!OpenPipe(run.out, ends.out) || !OpenPipe(run.err, ends.err)) {
    return {StartFault::kPipe, errno};
  }
  highest_fd_ = std::max(highest_fd_, ends.err.get());
  if (!spec.stdin_text) {
    return {};
  }
  auto text = SealText("stdin", *spec.stdin_text);
  if (!text || ::lseek(text->get(), 0, SEEK_SET) != 0) {
    return {StartFault::kStdin, errno};
  }
  ends.input = *std::move(text);
  highest_fd_ = std::max(highest_fd_, ends.input.get());
  return {};
}

SpawnFailure RunTable::Contain(const CommandSpec& spec, Run& run) {
  if (spec.cgroup == CgroupUse::kNever ||
      (!cgroups_ && spec.cgroup == CgroupUse::kIfThere)) {
    return {};
  }
  auto cgroup = cgroups_.Take(spec.limits);
  if (cgroup) {
    run.cgroup = *std::move(cgroup);
    highest_fd_ = std::max(highest_fd_, run.cgroup->folder());
  } else if (spec.cgroup == CgroupUse::kRequired) {
    return {StartFault::kCgroup, cgroup.error()};
  }
  return {};
}

SpawnPlan RunTable::PlanFor(const Run& run, Duration timeout,
                            const ChildEnds& ends) const {
  const CommandSpec& spec = run.command->spec();
  SpawnPlan plan;
  plan.paths = run.command->paths();
  plan.argv = run.command->argv();
  plan.envp = run.command->PrepareEnvironment(self_, run.serial, timeout);
  plan.cwd = spec.cwd.c_str();
  plan.stdin_fd = ends.input ? ends.input.get() : null_input_.get();
  plan.stdout_fd = ends.out.get();
  plan.stderr_fd = ends.err.get();
  plan.cgroup = run.cgroup ? run.cgroup->folder() : -1;
  plan.cgroup_required = spec.cgroup == CgroupUse::kRequired;
  plan.highest_fd = highest_fd_;
  plan.umask = spec.umask.value_or(kDefaultUmask);
  plan.set_nice = spec.nice.has_value();
  plan.nice = spec.nice.value_or(0);
  if (spec.ids) {
    plan.set_ids = true;
    plan.uid = spec.ids->uid;
    plan.gid = spec.ids->gid;
    plan.groups = spec.ids->groups.data();
    plan.group_count = spec.ids->groups.size();
  }
  plan.check_program = spec.program_owner.has_value();
  plan.program_owner = spec.program_owner.value_or(0);
  const auto limits = run.command->PrepareLimits(environment_.open_files);
  plan.limits = limits.data();
  plan.limit_count = limits.size();
  plan.set_tag = orphans_.tags().usable();
  if (plan.set_tag) {
    plan.tag = orphans_.tags().TagOf(run.serial);
  }
  plan.parent = self_;
  return plan;
}

void RunTable::Fail(std::uint64_t job, SpawnFailure failure) {
  DoneMessage end;
  end.ending = Ending::kNotStarted;
  end.fault = failure.fault;
  end.code = failure.error;
  end.job = job;
  sink_->Ended(end);
}

// In the order of age, so that a slot soon serves the next child.
void RunTable::HarvestSlots() {
  std::erase_if(launching_, [this](Run* run) {
    if (!spawner_.TryRelease(run->slot, run->reaped, run->failure)) {
      return false;
    }
    run->slot = nullptr;
    return true;
  });
}

bool RunTable::Cancel(std::uint64_t job, CancelCause cause,
                      Clock::time_point now) {
  const auto found =
      std::find_if(runs_.begin(), runs_.end(),
                   [job](const auto& run) { return run->job == job; });
  if (found == runs_.end()) {
    return false;
  }
  Run& run = **found;
  const bool flood = cause == CancelCause::kOutputLimit;
  if (run.state == RunState::kRunning) {
    run.cause = flood ? Ending::kOutputLimit : Ending::kCancelled;
    if (flood) {
      Kill(run, now);
    } else {
      Terminate(run, now);
    }
  } else if (run.state == RunState::kTerminating && flood) {
    Kill(run, now);  // it goes on printing; the first cause stays
  } else if (run.state == RunState::kLinger) {
    run.cause = flood ? Ending::kOutputLimit : Ending::kCancelled;
    Clear(run, now);
  }
  return true;
}

void RunTable::Terminate(Run& run, Clock::time_point now) {
  const Duration grace = run.command->spec().grace;
  if (grace <= Duration{0}) {
    Kill(run, now);
    return;
  }
  run.state = RunState::kTerminating;
  run.timer = Deadline(now + grace);
  Signal(run, SIGTERM);
  Signal(run, SIGCONT);  // a stopped process cannot act on TERM
}

void RunTable::Kill(Run& run, Clock::time_point now) {
  run.state = RunState::kKilling;
  run.timer = Deadline(now + kKillWait);
  run.patience = Deadline(now + kKillPatience);
  Signal(run, SIGKILL);
  if (run.cgroup) {
    run.cgroup->Kill();
  }
  changed_ = true;
}

void RunTable::Linger(Run& run, Clock::time_point now) {
  run.state = RunState::kLinger;
  run.timer = std::min(Deadline(now + kLingerWait), run.timeout);
  run.watched = true;
  for (const UniqueFd* const fd : {&run.out, &run.err}) {
    epoll_event event{};
    event.events = EPOLLONESHOT;  // the hang-up is always told
    event.data.u64 = environment_.event_base + run.serial;
    ::epoll_ctl(environment_.epoll, EPOLL_CTL_ADD, fd->get(), &event);
  }
}

void RunTable::Clear(Run& run, Clock::time_point now) {
  if (run.state != RunState::kStuck) {
    run.state = RunState::kClearing;
    run.timer = Deadline(now + kKillWait);
    run.patience = std::min(run.patience, Deadline(now + kKillPatience));
  }
  EmptyCgroup(run);
  changed_ = true;
}

void RunTable::Expire(Clock::time_point now) {
  for (const auto& run : runs_) {
    if (run->timer.Passed(now)) {
      OnTimer(*run, now);
    }
  }
}

void RunTable::OnTimer(Run& run, Clock::time_point now) {
  switch (run.state) {
    case RunState::kRunning:
      run.cause = Ending::kTimedOut;
      sink_->TimedOut(run.job);
      Terminate(run, now);
      break;
    case RunState::kTerminating:
      Kill(run, now);
      break;
    case RunState::kLinger:
      Clear(run, now);
      break;
    case RunState::kKilling:
    case RunState::kClearing:
      if (!run.patience.Passed(now) && MayStillDie(run)) {
        run.timer = Deadline(now + kKillWait);
        changed_ = true;  // the sweep kills what has come meanwhile
      } else {
        DeclareStuck(run);
      }
      break;
    case RunState::kStuck:
      break;
  }
}

Deadline RunTable::NextTimer() const {
  Deadline next;
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

}  // namespace command_exporter
