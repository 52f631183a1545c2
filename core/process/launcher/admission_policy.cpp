#include "core/process/launcher/admission_policy.hpp"

#include <algorithm>
#include <utility>

namespace command_exporter {

AdmissionPolicy::AdmissionPolicy(int processors, std::size_t hard_limit)
    : processors_(std::max(1, processors)),
      always_(std::min(2 * static_cast<std::size_t>(processors_), hard_limit)),
      hard_limit_(hard_limit) {}

AdmissionPolicy::Decision AdmissionPolicy::Decide(
    std::size_t running, const Waiting& waiting, Clock::time_point now,
    const std::function<int()>& runnable) {
  credit_ += pace_ * std::max(0.0, ToSeconds(now - last_));
  last_ = now;
  Decision decision = Choose(running, waiting, runnable);
  if (decision.run) {
    credit_ = std::max(0.0, credit_ - 1);
  } else {
    SetPace(waiting, now);
  }
  return decision;
}

AdmissionPolicy::Decision AdmissionPolicy::Choose(
    std::size_t running, const Waiting& waiting,
    const std::function<int()>& runnable) {
  if (running >= hard_limit_) {
    return {Verdict::kFull, std::nullopt};
  }
  const auto start = [](std::optional<WaitingRun> run) {
    return Decision{run ? Verdict::kStart : Verdict::kNoneFree, std::move(run)};
  };
  if (running < always_) {
    return start(waiting.queue.Take(waiting.may));
  }
  if (credit_ >= 1) {
    auto pressed = waiting.queue.Take([&](const WaitingRun& run) {
      return waiting.may(run) &&
             needs_.Suffice(run.command->collector(), run.timeout, processors_);
    });
    if (pressed) {
      return start(std::move(pressed));
    }
  }
  if (waiting.queue.Count(waiting.may).count == 0) {
    return {Verdict::kNoneFree, std::nullopt};
  }
  if (runnable() <= processors_) {
    return start(waiting.queue.Take(waiting.may));
  }
  return {Verdict::kBusyHost, std::nullopt};
}

std::size_t AdmissionPolicy::KeptPlaces(std::size_t idle) const {
  constexpr std::size_t kShare = 4;
  return std::min(idle, hard_limit_ / kShare);
}

// The pace empties the queue by the time its first run is due to start. Runs
// that arrive before the next look have not waited and do not count yet.
void AdmissionPolicy::SetPace(const Waiting& waiting, Clock::time_point now) {
  constexpr double kLeastSeconds = 0.001;
  const AdmissionQueue::Candidates free = waiting.queue.Count(waiting.free);
  const auto count = static_cast<double>(free.count);
  const double behind =
      free.count == 0 ? 0 : static_cast<double>(waiting.behind);
  pace_ = (count + behind) /
          std::max(kLeastSeconds, ToSeconds(free.wanted_by.Remaining(now)));
  credit_ = std::min(credit_, count);
}

}  // namespace command_exporter
