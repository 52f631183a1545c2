#include "core/process/launcher/admission_queue.hpp"

#include <algorithm>
#include <utility>

namespace command_exporter {

Deadline WantedBy(const WaitingRun& run) {
  constexpr int kShare = 4;
  return run.start_by.IsNever()
             ? Deadline()
             : Deadline(run.queued_at +
                        run.start_by.Remaining(run.queued_at) / kShare);
}

void AdmissionQueue::Add(WaitingRun run) {
  const std::uint64_t collector = run.command->collector();
  auto lane = std::ranges::find(lanes_, collector, &Lane::collector);
  if (lane == lanes_.end()) {
    lane = lanes_.insert(lanes_.end(), Lane{collector, {}});
  }
  lane->runs.push_back(std::move(run));
  ++size_;
}

std::optional<WaitingRun> AdmissionQueue::Take(const Condition& condition) {
  auto run = Remove(condition);
  if (run) {
    const auto lane =
        std::ranges::find(lanes_, run->command->collector(), &Lane::collector);
    if (lane != lanes_.end()) {
      Lane rest = std::move(*lane);
      lanes_.erase(lane);
      lanes_.push_back(std::move(rest));
    }
  }
  return run;
}

std::optional<WaitingRun> AdmissionQueue::Remove(const Condition& condition) {
  for (auto lane = lanes_.begin(); lane != lanes_.end(); ++lane) {
    const auto found = std::ranges::find_if(lane->runs, condition);
    if (found == lane->runs.end()) {
      continue;
    }
    WaitingRun run = std::move(*found);
    lane->runs.erase(found);
    --size_;
    if (lane->runs.empty()) {
      lanes_.erase(lane);
    }
    return run;
  }
  return std::nullopt;
}

void AdmissionQueue::Extend(std::uint64_t job, Deadline start_by) {
  for (Lane& lane : lanes_) {
    for (WaitingRun& run : lane.runs) {
      if (run.job == job) {
        run.start_by = std::max(run.start_by, start_by);
        return;
      }
    }
  }
}

AdmissionQueue::Candidates AdmissionQueue::Count(
    const Condition& condition) const {
  Candidates found;
  for (const Lane& lane : lanes_) {
    for (const WaitingRun& run : lane.runs) {
      if (condition(run)) {
        ++found.count;
        found.wanted_by = std::min(found.wanted_by, WantedBy(run));
      }
    }
  }
  return found;
}

Deadline AdmissionQueue::NextStartBy() const {
  Deadline next;
  for (const Lane& lane : lanes_) {
    for (const WaitingRun& run : lane.runs) {
      next = std::min(next, run.start_by);
    }
  }
  return next;
}

}  // namespace command_exporter
