#include "core/process/admission.hpp"

#include <algorithm>
#include <utility>

namespace command_exporter {

void AdmissionQueue::Add(WaitingRun run) {
  const std::uint64_t collector = run.command->collector();
  auto lane = std::find_if(
      lanes_.begin(), lanes_.end(),
      [collector](const Lane& each) { return each.collector == collector; });
  if (lane == lanes_.end()) {
    lane = lanes_.insert(lanes_.end(), Lane{collector, {}});
  }
  lane->runs.push_back(std::move(run));
  ++size_;
}

std::optional<WaitingRun> AdmissionQueue::Take(const Condition& condition) {
  for (auto lane = lanes_.begin(); lane != lanes_.end(); ++lane) {
    const auto found =
        std::find_if(lane->runs.begin(), lane->runs.end(), condition);
    if (found == lane->runs.end()) {
      continue;
    }
    WaitingRun run = std::move(*found);
    lane->runs.erase(found);
    --size_;
    Lane rest = std::move(*lane);
    lanes_.erase(lane);
    if (!rest.runs.empty()) {
      lanes_.push_back(std::move(rest));
    }
    return run;
  }
  return std::nullopt;
}

Deadline AdmissionQueue::NextDeadline() const {
  Deadline earliest;
  for (const Lane& lane : lanes_) {
    for (const WaitingRun& run : lane.runs) {
      earliest = std::min(earliest, run.start_by);
    }
  }
  return earliest;
}

AdmissionPolicy::AdmissionPolicy(int processors, std::size_t hard_limit)
    : processors_(std::max(1, processors)),
      always_(std::min(2 * static_cast<std::size_t>(processors_), hard_limit)),
      hard_limit_(hard_limit) {}

bool AdmissionPolicy::MayStart(std::size_t running, const AdmissionQueue& queue,
                               Clock::time_point now,
                               const std::function<int()>& runnable) {
  if (queue.size() == 0) {
    last_.reset();
    credit_ = 0;
    return false;
  }
  const bool demanded = DeadlineDemands(queue, now);
  if (running >= hard_limit_) {
    return false;
  }
  if (running < always_) {
    return true;
  }
  if (demanded) {
    credit_ -= 1;
    return true;
  }
  return runnable() <= processors_;
}

bool AdmissionPolicy::DeadlineDemands(const AdmissionQueue& queue,
                                      Clock::time_point now) {
  constexpr double kShareOfTimeLeft = 0.25;
  constexpr double kLeastSeconds = 0.001;
  const Duration passed = last_ ? now - *last_ : Duration{0};
  last_ = now;
  const double left =
      std::max(kLeastSeconds, ToSeconds(queue.NextDeadline().Remaining(now)));
  credit_ += static_cast<double>(queue.size()) * ToSeconds(passed) /
             (kShareOfTimeLeft * left);
  credit_ = std::min(credit_, static_cast<double>(queue.size()));
  return credit_ >= 1;
}

}  // namespace command_exporter
