#include "core/scrape/scraped_source.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

namespace command_exporter {

void ScrapedSource::Recent::Keep(std::shared_ptr<Outcome> outcome,
                                 Deadline until) {
  const std::lock_guard lock(mutex_);
  outcome_ = std::move(outcome);
  until_ = until;
}

std::shared_ptr<Outcome> ScrapedSource::Recent::Get() const {
  const std::lock_guard lock(mutex_);
  return until_.Passed() ? nullptr : outcome_;
}

ScrapedSource::ScrapedSource(std::shared_ptr<const Collector> collector,
                             std::shared_ptr<CollectorState> state)
    : Source(std::move(collector), std::move(state)),
      min_interval_(identity().schedule.min_interval),
      recent_(min_interval_ > Duration{0} ? std::make_shared<Recent>()
                                          : nullptr) {}

RunObservers ScrapedSource::Observers(std::uint64_t turn) const {
  return {
      .ended =
          [collector = collector(), state = shared_state(), recent = recent_,
           keep = min_interval_,
           turn](const std::shared_ptr<Outcome>& outcome) {
            state->RunEnded(collector->identity(), *outcome);
            if (!outcome->TellsOfCommand()) {
              return;
            }
            state->HadTurn(turn);
            if (recent) {
              recent->Keep(outcome, Deadline::After(keep));
            }
          },
      .abandoned =
          [collector = collector(), state = shared_state()](Duration after) {
            state->RunAbandoned(collector->identity(), after);
          }};
}

// One lock for the whole decision, so that two scrapes cannot start two runs.
RunTicket ScrapedSource::Obtain(const CollectRequest& request,
                                std::uint64_t turn) {
  std::shared_ptr<SharedRun> run;
  std::optional<RunTicket> ticket;
  {
    const std::lock_guard lock(mutex_);
    if (const std::shared_ptr<SharedRun> current = current_.lock()) {
      if ((ticket = current->Join(request.deadline))) {
        return *std::move(ticket);
      }
    }
    if (auto outcome = recent_ ? recent_->Get() : nullptr) {
      return RunTicket(std::move(outcome));
    }
    run = std::make_shared<SharedRun>(Observers(turn), recent_ != nullptr);
    ticket = run->Join(request.deadline);
    current_ = run;
  }
  std::function<void(bool)> stuck = CountStart();
  const Duration fair = request.deadline.Remaining(Clock::now()) / 2;
  run->Start(collector(), request,
             {.usage =
                  [state = shared_state(), turn, fair](const RunUsage& usage) {
                    state->RunUsed(usage);
                    if (usage.ran > Duration{0} && usage.ran >= fair) {
                      state->HadTurn(turn);
                    }
                  },
              .stuck = std::move(stuck)});
  return *std::move(ticket);
}

}  // namespace command_exporter
