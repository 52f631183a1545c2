#include "core/scrape/scheduled_source.hpp"

#include <functional>
#include <optional>
#include <utility>

namespace command_exporter {

ScheduledSource::ScheduledSource(std::shared_ptr<const Collector> collector,
                                 std::shared_ptr<CollectorState> state,
                                 std::shared_ptr<ScheduledRuns> runs,
                                 BootNow now,
                                 std::function<void(const ScheduledRuns&)> lost)
    : Source(std::move(collector), std::move(state)),
      runs_(std::move(runs)),
      now_(std::move(now)),
      lost_(std::move(lost)) {}

RunTicket ScheduledSource::Obtain(const CollectRequest& /*request*/,
                                  std::uint64_t /*turn*/) {
  ScheduledResults::Shown shown = runs_->results.Get(now_());
  if (shown.is_overdue) {
    state().log().LogResult(identity(), shown.outcome->failure);
  }
  return RunTicket(std::move(shown.outcome), std::move(shown.samples));
}

// The run holds the results weakly: it must not keep its own ticket alive.
RunObservers ScheduledSource::Observers() const {
  return {.ended =
              [collector = collector(), state = shared_state(),
               weak = std::weak_ptr(runs_), now = now_,
               lost = lost_](const std::shared_ptr<Outcome>& outcome) {
                // Before a log that may wait for its reader.
                const BootClock::time_point ended = now();
                state->RunEnded(collector->identity(), *outcome);
                const auto runs = weak.lock();
                if (!runs) {
                  return;
                }
                runs->results.Keep(outcome, ended);
                if (!outcome->TellsOfCommand()) {
                  lost(*runs);
                }
              },
          // A reload has removed or changed the collector: nobody needs the
          // result, and nothing failed.
          .abandoned = [](Duration) {}};
}

void ScheduledSource::Run(Deadline start_by) {
  std::shared_ptr<SharedRun> run;
  std::optional<RunTicket> ticket;
  {
    const std::lock_guard lock(runs_->mutex);
    const std::shared_ptr<SharedRun> current = runs_->run.lock();
    if (current && (ticket = current->Join(start_by))) {
      runs_->ticket = *std::move(ticket);
      return;
    }
    run = std::make_shared<SharedRun>(Observers(), false);
    ticket = run->Join(start_by);
    runs_->run = run;
  }
  std::function<void(bool)> stuck = CountStart();
  run->Start(collector(), {.deadline = start_by},
             {.usage = [state = shared_state()](
                           const RunUsage& usage) { state->RunUsed(usage); },
              .stuck = std::move(stuck)});
  const std::lock_guard lock(runs_->mutex);
  runs_->ticket = *std::move(ticket);
}

}  // namespace command_exporter
