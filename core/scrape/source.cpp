#include "core/scrape/source.hpp"

#include <cstdint>
#include <optional>
#include <utility>

#include "core/base/reason.hpp"

namespace command_exporter {
namespace {

bool TellsOfCommand(const Outcome& outcome) {
  return !outcome.failure || (outcome.failure->reason != Reason::kOverload &&
                              outcome.failure->reason != Reason::kLauncherLost);
}

}  // namespace

void Source::Recent::Keep(std::shared_ptr<Outcome> outcome, Deadline until) {
  const std::lock_guard lock(mutex_);
  outcome_ = std::move(outcome);
  until_ = until;
}

std::shared_ptr<Outcome> Source::Recent::Get() const {
  const std::lock_guard lock(mutex_);
  return until_.Passed() ? nullptr : outcome_;
}

Source::Source(std::shared_ptr<const Collector> collector,
               std::shared_ptr<CollectorState> state, Duration min_interval)
    : collector_(std::move(collector)),
      state_(std::move(state)),
      min_interval_(min_interval),
      recent_(min_interval > Duration{0} ? std::make_shared<Recent>()
                                         : nullptr) {}

RunObservers Source::Observers(std::uint64_t turn) const {
  return {.ended =
              [collector = collector_, state = state_, recent = recent_,
               keep = min_interval_,
               turn](const std::shared_ptr<Outcome>& outcome) {
                state->RunEnded(collector->identity(), *outcome);
                if (!TellsOfCommand(*outcome)) {
                  return;
                }
                state->HadTurn(turn);
                if (recent) {
                  recent->Keep(outcome, Deadline::After(keep));
                }
              },
          .abandoned =
              [collector = collector_, state = state_](Duration after) {
                state->RunAbandoned(collector->identity(), after);
              }};
}

// One lock for the whole decision, so that two scrapes cannot start two runs.
RunTicket Source::Obtain(const CollectRequest& request, std::uint64_t turn) {
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
  const std::uint64_t number = state_->RunStarted();
  const Duration fair = request.deadline.Remaining(Clock::now()) / 2;
  run->Start(collector_, request,
             {.usage =
                  [state = state_, turn, fair](const RunUsage& usage) {
                    state->RunUsed(usage);
                    if (usage.ran > Duration{0} && usage.ran >= fair) {
                      state->HadTurn(turn);
                    }
                  },
              .stuck = [state = state_, number](
                           bool stuck) { state->RunStuck(number, stuck); }});
  return *std::move(ticket);
}

}  // namespace command_exporter
