// Reloads: brings a new configuration into force.
//
// The order keeps runs whole: the launcher gets the new table first, then the
// web side learns of the generation and requests its commands. The launcher
// keeps the old table until its last run has ended.
//
// Thread safety: none; the guardian's thread. Invariant: a configuration is
// either the running one, or pending until a launcher has its table, or gone.
// While one is pending, a new launcher is not yet used: the web side gets its
// socket with the configuration, or when that has failed.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_RELOADS_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_RELOADS_HPP_

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/guardian/guardian_children.hpp"
#include "core/process/guardian/guardian_options.hpp"
#include "core/process/guardian/launcher_keeper.hpp"
#include "core/process/guardian/loader.hpp"
#include "core/process/ipc/channel.hpp"
#include "core/process/ipc/messages.hpp"

namespace command_exporter {

class Reloads {
 public:
  struct Others {
    GuardianChildren& children;
    LauncherKeeper& launcher;
    Channel& web;
    // Runs in a forked loader and closes the descriptors of the guardian.
    std::function<void()> close{};
  };

  // `options` and the others must outlive this object.
  Reloads(const GuardianOptions& options, Others others);

  // Forks a loader, now or when the current load is over. Error: the fork
  // failed; for OnLoaded.
  Status<> Request();

  // The service is stopping: no more loads.
  void Stop() { stopped_ = true; }

  // The loader's answer, if it has arrived.
  std::optional<Result<LoadedFiles>> Poll();

  // Takes the answer to the first load: the running configuration.
  void Begin(LoadedFiles files) { files_ = std::move(files); }

  // Starts the load that was requested during the last one, if any.
  void RequestAgain();
  // The answer to a later load: offered to the launcher, or reported as failed.
  void OnLoaded(Result<LoadedFiles> loaded);

  void OnNewLauncher(UniqueFd socket);

  void OnLauncherDeath() { launcher_socket_.Reset(); }

  // A launcher died that had been offered the pending configuration. After too
  // many such deaths the configuration is given up.
  void CountPendingDeath();
  // The launcher has the table, or has rejected it.
  void OnTable(MessageKind kind, const GenerationMessage& table);
  void OnTime();
  // The time when OnTime or Poll is due.
  Deadline next() const;

  // The running configuration, and the table of the generation before (may be
  // absent).
  const LoadedFiles& files() const { return files_; }

  const UniqueFd& older_table() const { return older_table_; }

  int loader_fd() const { return loader_.fd(); }

  pid_t loader_pid() const { return loader_.pid(); }

  // Closes only the loader's channel, so that the loader ends.
  void CloseLoader() { loader_.Close(); }

  // In a child: closes everything.
  void Close();

 private:
  void Offer();
  void Commit();
  void GiveUp(const std::string& why);
  void Fail(const std::string& errors);
  void ConnectWebSide();

  const GuardianOptions& options_;
  Others others_;
  Loader loader_;
  LoadedFiles files_{};                   // the running configuration
  UniqueFd older_table_{};                // of the generation before
  UniqueFd launcher_socket_{};            // for the web side, not sent yet
  std::optional<LoadedFiles> pending_{};  // the launcher has not answered yet
  Deadline pending_until_{};
  int pending_deaths_{};  // of launchers that had the offer
  std::uint32_t last_generation_{};
  bool again_{};    // a load was requested during a load
  bool stopped_{};  // see Stop
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_RELOADS_HPP_
