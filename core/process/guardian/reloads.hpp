// Reloads: how a configuration comes into force.
//
// The order is what keeps runs whole: first the launcher has the new table,
// then the web side hears of the generation and asks for it. The launcher keeps
// the old table until its last run has ended.
//
// Thread safety: none; the guardian's thread. Invariant: a configuration is
// either the running one, or pending until a launcher has its table, or gone.
// While one is pending, a new launcher serves nobody: the web side gets its
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
    // Runs in a forked loader and closes what is the guardian's.
    std::function<void()> close{};
  };

  // `options` and the others must outlive this.
  Reloads(const GuardianOptions& options, Others others);

  // Forks a loader, or has one forked when this load is over. Error: it could
  // not be forked, for OnLoaded.
  Status<> Request();

  // The service is stopping: nothing is loaded any more.
  void Stop() { stopped_ = true; }

  // The loader's answer when it is there.
  std::optional<Result<LoadedFiles>> Poll();

  // The answer to the first load: what runs from now on.
  void Begin(LoadedFiles files) { files_ = std::move(files); }

  // The load that was asked for meanwhile, if one was.
  void RequestAgain();
  // The answer to a later one: offered to the launcher, or reported as failed.
  void OnLoaded(Result<LoadedFiles> loaded);

  void OnNewLauncher(UniqueFd socket);

  void OnLauncherDeath() { launcher_socket_.Reset(); }

  // It was the death of one that had been offered the pending configuration:
  // one too many, and that is given up.
  void CountPendingDeath();
  // It has the table, or refuses it.
  void OnTable(MessageKind kind, const GenerationMessage& table);
  void OnTime();
  // When OnTime or Poll is due.
  Deadline next() const;

  // What runs, and the table of the generation before (may be absent).
  const LoadedFiles& files() const { return files_; }

  const UniqueFd& older_table() const { return older_table_; }

  int loader_fd() const { return loader_.fd(); }

  pid_t loader_pid() const { return loader_.pid(); }

  // Only the loader's end, so that it ends.
  void CloseLoader() { loader_.Close(); }

  // In a child: all of it.
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
  LoadedFiles files_{};                   // what runs
  UniqueFd older_table_{};                // of the generation before
  UniqueFd launcher_socket_{};            // for the web side, not sent yet
  std::optional<LoadedFiles> pending_{};  // the launcher has not answered yet
  Deadline pending_until_{};
  int pending_deaths_{};  // of launchers that were offered it
  std::uint32_t last_generation_{};
  bool again_{};    // a load was asked for during a load
  bool stopped_{};  // see Stop
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_RELOADS_HPP_
