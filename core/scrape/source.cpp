#include "core/scrape/source.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace command_exporter {

Source::Source(std::shared_ptr<const Collector> collector,
               std::shared_ptr<CollectorState> state)
    : collector_(std::move(collector)),
      state_(std::move(state)) {}

RunTicket Source::Obtain(const CollectRequest& request) {
  std::shared_ptr<SharedRun> run;
  std::optional<RunTicket> ticket;
  {
    const std::lock_guard lock(mutex_);
    if (const std::shared_ptr<SharedRun> current = current_.lock()) {
      if ((ticket = current->Join())) {
        return *std::move(ticket);
      }
    }
    run = std::make_shared<SharedRun>(RunObservers{
        .ended =
            [collector = collector_, state = state_](const Outcome& outcome) {
              state->RunEnded(collector->identity(), outcome);
            },
        .abandoned =
            [collector = collector_, state = state_](Duration after) {
              state->RunAbandoned(collector->identity(), after);
            }});
    ticket = run->Join();
    current_ = run;
  }
  const std::uint64_t number = state_->RunStarted();
  run->Start(*collector_, request,
             {.usage = [state = state_](
                           const RunUsage& usage) { state->RunUsed(usage); },
              .stuck = [state = state_, number](
                           bool stuck) { state->RunStuck(number, stuck); }});
  return *std::move(ticket);
}

}  // namespace command_exporter
