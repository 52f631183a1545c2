#include "collectors/command_collector.hpp"

#include <exception>
#include <optional>
#include <utility>

#include "collectors/ending_reasons.hpp"
#include "collectors/output_reader.hpp"
#include "core/config/definition.hpp"
#include "core/config/placeholders.hpp"
#include "core/jq/jq_program.hpp"

namespace command_exporter {
namespace {

// The parts of a collector that a run needs. Each run shares them, because a
// reload may drop the collector while a command is still running.
struct Plan {
  Plan(std::shared_ptr<const Config> shared, const Instance& instance,
       std::shared_ptr<const JqProgram> jq)
      : config(std::move(shared)),
        collector(config->collectors[instance.collector]),
        description{
            .program = instance.argv.front(),
            .cwd = SubstitutePlaceholders(collector.run.cwd, instance.matrix),
            .user = collector.run.user.empty() ? config->default_user
                                               : collector.run.user},
        reader(collector, instance.matrix, std::move(jq)) {}

  std::shared_ptr<const Config> config;
  const CollectorConfig& collector;
  RunDescription description;
  OutputReader reader;
};

// Up to this size, waking another thread costs more than reading the output on
// the thread where it arrived.
constexpr std::size_t kReadAtOnce = 4096;

// A live run. One thread at a time uses it: first the runner's, then the
// executor's.
struct Run {
  std::shared_ptr<const Plan> plan;
  CollectCallbacks callbacks{};
  Clock::time_point started{};
  bool delivered{};  // the outcome was delivered
  // Stops the evaluation that may follow the command; null: there is none.
  std::unique_ptr<EventFd> stop{};
};

Outcome MakeOutcome(const CommandResult& result) {
  Outcome outcome;
  outcome.output_bytes = result.out.size();
  if (result.ending == Ending::kExited) {
    outcome.exit_code = result.code;
  }
  outcome.came_too_late = IsTooLate(result.fault);
  return outcome;
}

// The first outcome counts: a run that timed out also ends later.
void Deliver(Run& run, Outcome outcome) {
  if (!std::exchange(run.delivered, true)) {
    outcome.duration = Clock::now() - run.started;
    run.callbacks.outcome(std::move(outcome));
  }
}

void SetStuck(const Run& run, bool stuck) {
  if (run.callbacks.stuck) {
    run.callbacks.stuck(stuck);
  }
}

void DeliverUsage(const Run& run, const CommandResult& result) {
  if (result.ending != Ending::kNotStarted && run.callbacks.usage) {
    run.callbacks.usage({.ran = result.ran,
                         .cpu = result.cpu,
                         .max_rss_bytes = result.max_rss_bytes});
  }
}

void Parse(Run& run, const CommandResult& result) {
  Outcome outcome = MakeOutcome(result);
  try {
    run.plan->reader.Read(result.out, StatusOf(result, run.plan->collector.run),
                          outcome, run.stop.get());
    outcome.remark = RemarkOf(result);
  } catch (const std::exception& error) {  // most likely no memory
    outcome = MakeOutcome(result);
    outcome.failure = Failure{Reason::kParse, error.what()};
  }
  Deliver(run, std::move(outcome));
}

bool WaitsForJq(const Run& run) {
  return run.plan->collector.format.format == Format::kJson;
}

// Reads the output of a run on another thread.
void ParseElsewhere(const std::shared_ptr<Run>& run,
                    std::shared_ptr<const CommandResult> result,
                    const Executor& executor) {
  ParseTask task;
  task.waits = WaitsForJq(*run);
  task.work = [run, result = std::move(result)] { Parse(*run, *result); };
  executor(std::move(task));
}

// A short output is read where it arrives.
bool IsReadAtOnce(const Run& run, const CommandResult& result) {
  return result.out.size() <= kReadAtOnce && !WaitsForJq(run);
}

void OnDone(const std::shared_ptr<Run>& run, CommandResult result,
            const Executor& executor) {
  if (result.ending == Ending::kStuck) {
    SetStuck(*run, true);
  }
  // Before the outcome, so that one scrape shows both.
  DeliverUsage(*run, result);
  if (run->delivered) {
    return;
  }
  if (auto failure =
          FailureOf(result, run->plan->collector.run, run->plan->description)) {
    Outcome outcome = MakeOutcome(result);
    outcome.failure = std::move(failure);
    Deliver(*run, std::move(outcome));
  } else if (IsReadAtOnce(*run, result)) {
    Parse(*run, result);
  } else {
    ParseElsewhere(run,
                   std::make_shared<const CommandResult>(std::move(result)),
                   executor);
  }
}

class CommandCollector final : public Collector {
 public:
  struct Parts {
    CommandRunner& runner;
    Executor executor;
    std::uint32_t generation;
    std::uint32_t command;
    std::uint32_t collector;  // its number in the configuration
    // Only of a scheduled collector; shared by its instances.
    std::shared_ptr<const CollectorConfig> definition;
  };

  CommandCollector(std::shared_ptr<const Plan> plan, const Labels& matrix,
                   Parts parts)
      : plan_(std::move(plan)),
        parts_(std::move(parts)) {
    const CollectorConfig& config = plan_->collector;
    identity_.name = config.name;
    identity_.matrix = matrix;
    identity_.position = ToString(config.position);
    identity_.timeout = config.run.timeout;
    identity_.max_output = config.run.max_output;
    identity_.counts_lines = CountsLines(config.format);
    identity_.description = config.description;
    const ScheduleConfig& schedule = config.schedule;
    identity_.schedule = {
        .every = schedule.every.value_or(Duration{0}),
        .max_age = schedule.max_age,
        .keeps_samples = schedule.on_failure == OnFailure::kKeep,
        .min_interval =
            schedule.min_interval.value_or(plan_->config->min_interval)};
  }

  const CollectorIdentity& identity() const override { return identity_; }

  bool IsUnchangedFrom(const Collector& other) const override {
    const auto* const command = dynamic_cast<const CommandCollector*>(&other);
    return command != nullptr && parts_.definition &&
           command->parts_.definition &&
           *parts_.definition == *command->parts_.definition;
  }

  CollectHandle Collect(const CollectRequest& request,
                        CollectCallbacks callbacks) const override {
    auto run = std::make_shared<Run>();
    run->plan = plan_;
    run->callbacks = std::move(callbacks);
    run->started = Clock::now();
    if (WaitsForJq(*run)) {
      run->stop = std::make_unique<EventFd>();
    }
    RunCallbacks from_runner;
    from_runner.timed_out = [run](const CommandResult& so_far) {
      Outcome outcome = MakeOutcome(so_far);
      CommandResult ended = so_far;
      ended.ending = Ending::kTimedOut;
      outcome.exit_code.reset();
      outcome.failure =
          FailureOf(ended, run->plan->collector.run, run->plan->description);
      Deliver(*run, std::move(outcome));
    };
    from_runner.done = [run, executor = parts_.executor](CommandResult result) {
      OnDone(run, std::move(result), executor);
    };
    from_runner.released = [run] { SetStuck(*run, false); };
    const RunConfig& config = plan_->collector.run;
    const RunId id = parts_.runner.Start(
        {.generation = parts_.generation,
         .command = parts_.command,
         .timeout = config.timeout,
         .deadline = request.deadline,
         .collector = parts_.collector,
         .max_output = static_cast<std::size_t>(config.max_output)},
        std::move(from_runner));
    // Cancels both: the command may have ended while jq evaluates its output.
    return {.cancel =
                [&runner = parts_.runner, id, run] {
                  runner.Cancel(id);
                  if (run->stop) {
                    run->stop->Raise();
                  }
                },
            .extend = [&runner = parts_.runner,
                       id](Deadline deadline) { runner.Extend(id, deadline); }};
  }

 private:
  std::shared_ptr<const Plan> plan_;
  Parts parts_;
  CollectorIdentity identity_;
};

}  // namespace

std::vector<std::shared_ptr<const Collector>> MakeCollectors(
    const std::shared_ptr<const Config>& config, std::uint32_t generation,
    CommandRunner& runner, const Executor& executor, JqProcess& jq) {
  std::vector<std::shared_ptr<const Collector>> collectors;
  const std::vector<Instance> instances = ExpandInstances(*config);
  collectors.reserve(instances.size());
  // Instances of one collector are adjacent and share its program.
  std::shared_ptr<const JqProgram> program;
  std::shared_ptr<const CollectorConfig> definition;
  std::optional<std::size_t> owner;
  for (const Instance& instance : instances) {
    if (owner != instance.collector) {
      owner = instance.collector;
      const CollectorConfig& collector = config->collectors[*owner];
      program = MakeJqProgram(jq, collector.format);
      definition =
          collector.schedule.every
              ? std::make_shared<const CollectorConfig>(DefinitionOf(collector))
              : nullptr;
    }
    const auto command = static_cast<std::uint32_t>(collectors.size());
    collectors.push_back(std::make_shared<const CommandCollector>(
        std::make_shared<const Plan>(config, instance, program),
        instance.matrix,
        CommandCollector::Parts{runner, executor, generation, command,
                                static_cast<std::uint32_t>(instance.collector),
                                definition}));
  }
  return collectors;
}

}  // namespace command_exporter
