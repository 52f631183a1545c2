#include "core/process/launcher/run_starter.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <utility>

#include "core/process/ipc/sealed_file.hpp"

namespace command_exporter {
namespace {

constexpr mode_t kDefaultUmask = 022;

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

}  // namespace

RunStarter::RunStarter(CgroupPool& cgroups, const RunTags& tags,
                       const rlimit& open_files)
    : cgroups_(&cgroups),
      tags_(&tags),
      open_files_(open_files),
      null_input_(::open("/dev/null", O_RDONLY | O_CLOEXEC)),
      self_(::getpid()) {
  if (auto cgroup = cgroups_->Take({})) {
    spawner_.TryCgroup((*cgroup)->folder());
    cgroups_->Give(*std::move(cgroup));
  }
}

Result<std::unique_ptr<Run>, SpawnFailure> RunStarter::Start(
    WaitingRun waiting, std::uint64_t serial) {
  auto run = std::make_unique<Run>();
  ChildEnds ends;
  SpawnFailure failure = Open(waiting.command->spec(), *run, ends);
  if (failure.fault == StartFault::kNone) {
    failure = Contain(waiting.command->spec(), *run);
  }
  if (failure.fault != StartFault::kNone) {
    return failure;
  }
  run->job = waiting.job;
  run->serial = serial;
  run->command = waiting.command;
  run->generation = std::move(waiting.generation);
  HarvestSlots();
  run->started_since_boot = SinceBoot();
  const auto child = spawner_.Start(PlanFor(*run, waiting.timeout, ends));
  if (!child) {
    if (run->cgroup) {
      cgroups_->Give(std::move(run->cgroup));
    }
    return child.error();
  }
  run->started = Clock::now();
  run->timeout = Deadline(run->started + waiting.timeout);
  run->timer = run->timeout;
  run->leader = child->pid;
  run->slot = child->slot;
  launching_.push_back(run.get());
  return run;
}

SpawnFailure RunStarter::Open(const CommandSpec& spec, Run& run,
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

SpawnFailure RunStarter::Contain(const CommandSpec& spec, Run& run) {
  if (spec.cgroup == CgroupUse::kNever ||
      (!*cgroups_ && spec.cgroup == CgroupUse::kIfThere)) {
    return {};
  }
  auto cgroup = cgroups_->Take(spec.limits);
  if (cgroup) {
    run.cgroup = *std::move(cgroup);
    highest_fd_ = std::max(highest_fd_, run.cgroup->folder());
  } else if (spec.cgroup == CgroupUse::kRequired) {
    return {StartFault::kCgroup, cgroup.error()};
  }
  return {};
}

SpawnPlan RunStarter::PlanFor(const Run& run, Duration timeout,
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
    plan.SetIds(*spec.ids);
  }
  plan.check_program = spec.program_owner.has_value();
  plan.program_owner = spec.program_owner.value_or(0);
  const auto limits = run.command->PrepareLimits(open_files_);
  plan.limits = limits.data();
  plan.limit_count = limits.size();
  plan.set_tag = tags_->usable();
  if (plan.set_tag) {
    plan.tag = tags_->TagOf(run.serial);
  }
  plan.parent = self_;
  return plan;
}

// In the order of age, so that a slot soon serves the next child.
void RunStarter::HarvestSlots() {
  std::erase_if(launching_, [this](Run* run) {
    if (!spawner_.TryRelease(run->slot, run->reaped, run->start)) {
      return false;
    }
    run->slot = nullptr;
    return true;
  });
}

void RunStarter::LeaderReaped(Run& run) {
  if (run.slot == nullptr) {
    return;
  }
  spawner_.TryRelease(run.slot, true, run.start);
  run.slot = nullptr;
  std::erase(launching_, &run);
}

}  // namespace command_exporter
