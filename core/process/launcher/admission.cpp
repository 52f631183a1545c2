#include "core/process/launcher/admission.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace command_exporter {
namespace {

// Above every configuration (1,000 instances a collector).
constexpr std::size_t kMostWaiting = 65536;
// The interval at which a delayed queue checks the host's load.
constexpr Duration kLoadInterval = std::chrono::milliseconds{1};

}  // namespace

Admission::Admission(std::size_t hard_limit, Others others)
    : others_(std::move(others)),
      policy_(ProcessorCount(), std::max<std::size_t>(1, hard_limit)) {}

void Admission::Add(WaitingRun run, std::size_t behind) {
  behind_ = behind;
  if (queue_.size() >= kMostWaiting) {
    others_.refuse(run.job, StartFault::kAdmission);
    return;
  }
  queue_.Add(std::move(run));
}

bool Admission::Cancel(std::uint64_t job) {
  return queue_.Remove([job](const WaitingRun& run) { return run.job == job; })
      .has_value();
}

void Admission::Extend(std::uint64_t job, Deadline start_by) {
  queue_.Extend(job, start_by);
}

Deadline Admission::Next(Clock::time_point now) const {
  return verdict_ == AdmissionPolicy::Verdict::kBusyHost
             ? std::min(queue_.NextStartBy(), Deadline(now + kLoadInterval))
             : queue_.NextStartBy();
}

// Refusals first, so that a late run does not start.
void Admission::Admit(Clock::time_point now) {
  RefuseLate(now);
  RefuseStuck();
  const auto runnable = [this] { return load_.Runnable(); };
  const auto free = [this](const WaitingRun& run) { return IsFree(run); };
  for (;;) {
    auto [verdict, run] =
        policy_.Decide(others_.runs.running(),
                       {queue_, free, MayStart(), behind_}, now, runnable);
    verdict_ = verdict;
    if (!run) {
      return;
    }
    others_.runs.Start(*std::move(run));
  }
}

bool Admission::IsFree(const WaitingRun& run) const {
  return others_.runs.StateOf(*run.command) == RunTable::CommandState::kFree;
}

// Counting busy collectors costs more, so it is done only near the hard limit.
AdmissionQueue::Condition Admission::MayStart() const {
  const std::size_t places = policy_.hard_limit();
  const std::size_t room = places - std::min(places, others_.runs.running());
  const std::size_t collectors =
      others_.generations.newest().collectors().size();
  const auto is_free = [this](const WaitingRun& run) { return IsFree(run); };
  if (room > policy_.KeptPlaces(collectors)) {
    return is_free;
  }
  std::unordered_set<std::uint64_t> busy = others_.runs.BusyCollectors();
  if (room > policy_.KeptPlaces(IdleCollectors(busy))) {
    return is_free;
  }
  return [this, busy = std::move(busy)](const WaitingRun& run) {
    return IsFree(run) && busy.count(run.command->collector()) == 0;
  };
}

std::size_t Admission::IdleCollectors(
    const std::unordered_set<std::uint64_t>& busy) const {
  const auto& collectors = others_.generations.newest().collectors();
  std::unordered_set<std::uint64_t> others = others_.runs.StuckCollectors();
  others.insert(busy.begin(), busy.end());
  // There are few of these, but there may be thousands of collectors.
  const auto known =
      std::ranges::count_if(others, [&collectors](std::uint64_t collector) {
        return collectors.count(collector) != 0;
      });
  return collectors.size() - static_cast<std::size_t>(known);
}

void Admission::RefuseLate(Clock::time_point now) {
  while (queue_.NextStartBy().Passed(now)) {
    const auto late = queue_.Remove(
        [now](const WaitingRun& run) { return run.start_by.Passed(now); });
    others_.refuse(late->job, WhyLate(*late));
  }
}

// Nobody knows when a stuck run ends, so its successor is refused at once.
void Admission::RefuseStuck() {
  while (others_.runs.AnyStuck()) {
    const auto blocked = queue_.Remove([this](const WaitingRun& run) {
      return others_.runs.StateOf(*run.command) ==
             RunTable::CommandState::kStuck;
    });
    if (!blocked) {
      break;
    }
    others_.refuse(blocked->job, StartFault::kStuckBefore);
  }
}

// The state of the last admission decides. A run that could start, if none else
// could, was kept from the last places or has become free only now.
StartFault Admission::WhyLate(const WaitingRun& run) const {
  if (!IsFree(run)) {
    return StartFault::kStillThere;
  }
  if (verdict_ == AdmissionPolicy::Verdict::kBusyHost) {
    return StartFault::kHostBusy;
  }
  const bool only_now =
      verdict_ == AdmissionPolicy::Verdict::kNoneFree && MayStart()(run);
  return only_now ? StartFault::kStillThere : StartFault::kAdmission;
}

}  // namespace command_exporter
