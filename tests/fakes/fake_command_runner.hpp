// FakeCommandRunner: a CommandRunner whose runs end as the test decides.
//
// Either `answer` answers every Start at once, or runs stay open until the test
// calls TimeOut, Finish or Release. It keeps the promises of CommandRunner and
// asserts that the test does.
//
// Thread safety: Start and Cancel may be called from any thread; callbacks run
// on the thread that calls Finish (or Start, with `answer`), with no lock held.
#ifndef COMMAND_EXPORTER_TESTS_FAKES_FAKE_COMMAND_RUNNER_HPP_
#define COMMAND_EXPORTER_TESTS_FAKES_FAKE_COMMAND_RUNNER_HPP_

#include <cassert>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/process/command/command_runner.hpp"

namespace command_exporter {

class FakeCommandRunner final : public CommandRunner {
 public:
  // None: the run stays open.
  using Answer =
      std::function<std::optional<CommandResult>(const CommandRequest&)>;

  FakeCommandRunner() = default;

  explicit FakeCommandRunner(Answer answer) : answer_(std::move(answer)) {}

  RunId Start(const CommandRequest& request, RunCallbacks callbacks) override {
    assert(callbacks.done);
    RunId id = 0;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      id = requests_.size();
      open_.emplace(id, std::move(callbacks));
    }
    if (answer_) {
      if (auto result = answer_(request)) {
        Finish(id, *std::move(result));
      }
    }
    return id;
  }

  void Cancel(RunId run) override {
    const std::lock_guard lock(mutex_);
    cancelled_.push_back(run);
  }

  void Extend(RunId run, Deadline deadline) override {
    const std::lock_guard lock(mutex_);
    extended_.emplace_back(run, deadline);
  }

  // Requires: the run is open.
  void TimeOut(RunId run, const CommandResult& so_far) {
    const RunCallbacks callbacks = Callbacks(run);
    if (callbacks.timed_out) {
      callbacks.timed_out(so_far);
    }
  }

  void Finish(RunId run, CommandResult result) {
    const RunCallbacks callbacks = Callbacks(run);
    if (result.ending != Ending::kStuck) {
      const std::lock_guard lock(mutex_);
      open_.erase(run);
    }
    callbacks.done(std::move(result));
  }

  // Requires: the run was finished with kStuck.
  void Release(RunId run) {
    const RunCallbacks callbacks = Callbacks(run);
    {
      const std::lock_guard lock(mutex_);
      open_.erase(run);
    }
    if (callbacks.released) {
      callbacks.released();
    }
  }

  // Ids of runs are 1, 2, ... in the order of their requests.
  std::vector<CommandRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  std::vector<RunId> cancelled() const {
    const std::lock_guard lock(mutex_);
    return cancelled_;
  }

  std::vector<std::pair<RunId, Deadline>> extended() const {
    const std::lock_guard lock(mutex_);
    return extended_;
  }

 private:
  RunCallbacks Callbacks(RunId run) const {
    const std::lock_guard lock(mutex_);
    const auto found = open_.find(run);
    assert(found != open_.end());
    return found->second;
  }

  mutable std::mutex mutex_;
  Answer answer_;
  std::vector<CommandRequest> requests_;
  std::vector<RunId> cancelled_;
  std::vector<std::pair<RunId, Deadline>> extended_;
  std::map<RunId, RunCallbacks> open_;
};

// The result of a command that exited.
inline CommandResult Exited(std::string out, int code = 0,
                            std::string err = "") {
  CommandResult result;
  result.ending = Ending::kExited;
  result.code = code;
  result.out = std::move(out);
  result.err = std::move(err);
  return result;
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_FAKES_FAKE_COMMAND_RUNNER_HPP_
