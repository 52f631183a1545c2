#include "collectors/examples/recorded_run.hpp"

#include <cassert>
#include <memory>
#include <utility>

#include "collectors/command_collector.hpp"

namespace command_exporter {
namespace {

// Ends its one run at once with the recorded result.
class RecordedRunner final : public CommandRunner {
 public:
  explicit RecordedRunner(CommandResult result) : result_(std::move(result)) {}

  RunId Start(const CommandRequest& request, RunCallbacks callbacks) override {
    if (result_.out.size() > request.max_output ||
        result_.err.size() > request.max_output) {
      result_.ending = Ending::kOutputLimit;
    }
    callbacks.done(std::move(result_));
    return 0;
  }

  void Cancel(RunId /*run*/) override {}

  void Extend(RunId /*run*/, Deadline /*deadline*/) override {}

 private:
  CommandResult result_;
};

}  // namespace

Outcome ReplayRun(JqProcess& jq, CollectorConfig collector,
                  CommandResult result) {
  collector.enabled = true;
  collector.absent = false;
  auto config = std::make_shared<Config>();
  config->collectors.push_back(std::move(collector));
  RecordedRunner runner(std::move(result));
  const auto collectors = MakeCollectors(
      config, 1, runner, [](const ParseTask& task) { task.work(); }, jq);
  assert(collectors.size() == 1);
  Outcome outcome;
  collectors.front()->Collect(
      {}, {.outcome = [&outcome](Outcome came) { outcome = std::move(came); }});
  return outcome;
}

}  // namespace command_exporter
