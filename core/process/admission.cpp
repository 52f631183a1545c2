#include "core/process/admission.hpp"

#include <algorithm>
#include <utility>

namespace command_exporter {

AdmissionPolicy::AdmissionPolicy(int processors, std::size_t hard_limit)
    : processors_(std::max(1, processors)),
      always_(std::min(2 * static_cast<std::size_t>(processors_), hard_limit)),
      hard_limit_(hard_limit) {}

AdmissionPolicy::Decision AdmissionPolicy::Decide(
    std::size_t running, AdmissionQueue& queue, Clock::time_point now,
    const AdmissionQueue::Condition& may,
    const std::function<int()>& runnable) {
  if (running >= hard_limit_) {
    return Hold(Verdict::kFull);
  }
  if (running < always_) {
    return Start(queue.Take(may));
  }
  if (last_ != now) {
    Accrue(queue.Count(may), now);
  }
  if (credit_ >= 1) {
    auto pressed = queue.Take([this, &may](const WaitingRun& run) {
      return may(run) &&
             needs_.Suffice(run.command->collector(), run.timeout, processors_);
    });
    if (pressed) {
      return Start(std::move(pressed));
    }
  }
  if (queue.Count(may).count == 0) {
    return Hold(Verdict::kNoneFree);
  }
  if (runnable() <= processors_) {
    return Start(queue.Take(may));
  }
  return {Verdict::kBusyHost, std::nullopt};
}

AdmissionPolicy::Decision AdmissionPolicy::Start(
    std::optional<WaitingRun> run) {
  if (!run) {
    return Hold(Verdict::kNoneFree);
  }
  credit_ = std::max(0.0, credit_ - 1);
  return {Verdict::kStart, std::move(run)};
}

AdmissionPolicy::Decision AdmissionPolicy::Hold(Verdict verdict) {
  last_.reset();
  credit_ = 0;
  return {verdict, std::nullopt};
}

std::size_t AdmissionPolicy::KeptPlaces(std::size_t idle) const {
  constexpr std::size_t kShare = 4;
  return std::min(idle, hard_limit_ / kShare);
}

void AdmissionPolicy::Accrue(const AdmissionQueue::Some& waiting,
                             Clock::time_point now) {
  constexpr double kLeastSeconds = 0.001;
  const Duration passed = last_ ? now - *last_ : Duration{0};
  last_ = now;
  const double left =
      std::max(kLeastSeconds, ToSeconds(waiting.wanted_by.Remaining(now)));
  const auto count = static_cast<double>(waiting.count);
  credit_ = std::min(count, credit_ + count * ToSeconds(passed) / left);
}

}  // namespace command_exporter
