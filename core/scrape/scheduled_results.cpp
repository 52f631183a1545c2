#include "core/scrape/scheduled_results.hpp"

#include <string>

#include "core/base/duration.hpp"

namespace command_exporter {
namespace {

// For people: an age has no use for fractions of a second.
std::string InSeconds(Duration duration) {
  return FormatDuration(std::chrono::round<std::chrono::seconds>(duration));
}

}  // namespace

ScheduledResults::ScheduledResults(const Schedule& schedule,
                                   BootClock::time_point since)
    : schedule_(schedule),
      since_(since) {}

void ScheduledResults::Keep(const std::shared_ptr<Outcome>& outcome,
                            BootClock::time_point now) {
  if (!outcome->TellsOfCommand()) {
    return;
  }
  const std::lock_guard lock(mutex_);
  last_ = {outcome, now};
  if (schedule_.keeps_samples && !outcome->failure) {
    good_ = last_;
  }
}

ScheduledResults::Shown ScheduledResults::Get(BootClock::time_point now) const {
  const std::lock_guard lock(mutex_);
  if (!IsFresh(last_, now)) {
    return Stale(now);
  }
  const bool is_kept = last_.outcome->failure && IsFresh(good_, now);
  return {last_.outcome, is_kept ? good_.outcome : nullptr};
}

bool ScheduledResults::IsFresh(const Dated& dated,
                               BootClock::time_point now) const {
  return dated.outcome && now - dated.ended <= schedule_.max_age;
}

ScheduledResults::Shown ScheduledResults::Stale(
    BootClock::time_point now) const {
  Shown shown{.outcome = std::make_shared<Outcome>()};
  std::string message;
  if (last_.outcome) {
    shown.is_overdue = true;
    shown.outcome->exit_code = last_.outcome->exit_code;
    shown.outcome->duration = last_.outcome->duration;
    message = "the last result is " + InSeconds(now - last_.ended) +
              " old and max_age is " + InSeconds(schedule_.max_age);
  } else {
    shown.is_overdue = now - since_ > schedule_.max_age;
    message = shown.is_overdue
                  ? "no run has ended for " + InSeconds(now - since_)
                  : std::string("the first run has not ended yet");
  }
  shown.outcome->failure = Failure{Reason::kStale, message};
  return shown;
}

}  // namespace command_exporter
