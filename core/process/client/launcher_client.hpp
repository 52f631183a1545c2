// LauncherClient: the CommandRunner of the web side.
//
// One thread of its own speaks with the launcher, drains the pipes of all runs
// and completes them; callers only leave requests and get callbacks. It caps
// what it keeps of each stream and cancels the run that prints more. When the
// launcher dies, every pending run ends with kLauncherLost; new requests wait
// (until their deadline) for the socket to the next launcher.
//
// Thread safety: all public functions may be called from any thread.
// Invariants: see CommandRunner. A destroyed client has called every `done`.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_CLIENT_LAUNCHER_CLIENT_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_CLIENT_LAUNCHER_CLIENT_HPP_

#include <memory>
#include <optional>

#include "core/base/unique_fd.hpp"
#include "core/process/command/command_runner.hpp"
#include "core/process/ipc/messages.hpp"

namespace command_exporter {

class LauncherClientLoop;

class LauncherClient final : public CommandRunner {
 public:
  explicit LauncherClient(UniqueFd socket);
  ~LauncherClient() override;
  LauncherClient(const LauncherClient&) = delete;
  LauncherClient& operator=(const LauncherClient&) = delete;

  RunId Start(const CommandRequest& request, RunCallbacks callbacks) override;
  void Cancel(RunId run) override;
  void Extend(RunId run, Deadline deadline) override;

  // The guardian has made a new launcher.
  void Connect(UniqueFd socket);

  // Asks the launcher for its figures; the answer is in stats() soon after.
  void RequestStats();
  // The last figures received; none before the first answer. orphans_killed
  // counts over all launchers of this client's life.
  std::optional<StatsMessage> stats() const;

 private:
  std::unique_ptr<LauncherClientLoop> loop_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_CLIENT_LAUNCHER_CLIENT_HPP_
