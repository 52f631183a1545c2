#include "core/process/admission.hpp"

#include <algorithm>
#include <utility>

namespace command_exporter {

Deadline WantedBy(Clock::time_point now, Deadline start_by) {
  constexpr int kShare = 4;
  return start_by.IsNever() ? Deadline()
                            : Deadline(now + start_by.Remaining(now) / kShare);
}

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

bool AdmissionQueue::Any(const Condition& condition) const {
  return std::any_of(lanes_.begin(), lanes_.end(), [&](const Lane& lane) {
    return std::any_of(lane.runs.begin(), lane.runs.end(), condition);
  });
}

template <typename Value>
Value AdmissionQueue::Least(Value least, Value WaitingRun::*field) const {
  for (const Lane& lane : lanes_) {
    for (const WaitingRun& run : lane.runs) {
      least = std::min(least, run.*field);
    }
  }
  return least;
}

Deadline AdmissionQueue::NextStartBy() const {
  return Least(Deadline(), &WaitingRun::start_by);
}

Deadline AdmissionQueue::NextWantedBy() const {
  return Least(Deadline(), &WaitingRun::wanted_by);
}

Duration AdmissionQueue::ShortestTimeout() const {
  return Least(Duration::max(), &WaitingRun::timeout);
}

AdmissionPolicy::AdmissionPolicy(int processors, std::size_t hard_limit)
    : processors_(std::max(1, processors)),
      always_(std::min(2 * static_cast<std::size_t>(processors_), hard_limit)),
      hard_limit_(hard_limit) {}

AdmissionPolicy::Verdict AdmissionPolicy::Decide(
    std::size_t running, const AdmissionQueue& queue, Clock::time_point now,
    const std::function<int()>& runnable) {
  if (running >= hard_limit_) {
    return Verdict::kFull;
  }
  if (running < always_ ||
      (DeadlineDemands(queue, now) &&
       ProcessorsSuffice(running, queue.ShortestTimeout())) ||
      runnable() <= processors_) {
    return Verdict::kStart;
  }
  return Verdict::kBusyHost;
}

std::size_t AdmissionPolicy::KeptPlaces(std::size_t idle) const {
  constexpr std::size_t kShare = 4;
  return std::min(idle, hard_limit_ / kShare);
}

void AdmissionPolicy::Started() {
  credit_ = std::max(0.0, credit_ - 1);
}

void AdmissionPolicy::Ended(Duration cpu) {
  constexpr double kWeight = 0.25;  // so that a few are enough to learn
  usual_cpu_seconds_ += kWeight * (ToSeconds(cpu) - usual_cpu_seconds_);
}

void AdmissionPolicy::QueueIsEmpty() {
  last_.reset();
  credit_ = 0;
}

bool AdmissionPolicy::DeadlineDemands(const AdmissionQueue& queue,
                                      Clock::time_point now) {
  constexpr double kLeastSeconds = 0.001;
  const Duration passed = last_ ? now - *last_ : Duration{0};
  last_ = now;
  const double left =
      std::max(kLeastSeconds, ToSeconds(queue.NextWantedBy().Remaining(now)));
  credit_ += static_cast<double>(queue.size()) * ToSeconds(passed) / left;
  credit_ = std::min(credit_, static_cast<double>(queue.size()));
  return credit_ >= 1;
}

bool AdmissionPolicy::ProcessorsSuffice(std::size_t running,
                                        Duration timeout) const {
  constexpr double kShareOfTimeout = 0.5;
  return static_cast<double>(running + 1) * usual_cpu_seconds_ <=
         kShareOfTimeout * ToSeconds(timeout) * processors_;
}

}  // namespace command_exporter
