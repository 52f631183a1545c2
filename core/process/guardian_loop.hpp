// GuardianLoop: the guardian's state and its poll loop.
//
// Signals, messages and deadlines only change the state; what follows from it
// (a stop, a new launcher, the end) is done in one place, once a turn. Nothing
// waits for another process but the last clean-up, which is bounded.
//
// Thread safety: none; one thread. Invariant: a configuration is either the
// running one, or `pending_` until the launcher has its table, or gone.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_LOOP_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_LOOP_HPP_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/deadline.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/channel.hpp"
#include "core/process/guardian.hpp"
#include "core/process/guardian_children.hpp"
#include "core/process/guardian_launcher.hpp"
#include "core/process/guardian_setup.hpp"
#include "core/process/loader.hpp"

namespace command_exporter {

class GuardianLoop {
 public:
  GuardianLoop(GuardianOptions options, GuardianProcess process);

  int Run();

 private:
  // guardian.cpp: the loop and its ends
  void Wait();
  Deadline NextDeadline() const;
  void ReadSignals();
  void OnStopSignal();
  void OnTime();
  void CareForLauncher();
  // A stop was asked for, or the web side's socket has ended.
  bool WebIsEnding() const;
  void OnWebEnded(int status);
  void OnLauncherEnded(int status);
  void StartNextLauncher();
  void End();
  // In a child: closes what is the guardian's.
  void CloseAll();

  // guardian_reload.cpp: configurations and messages
  void StartLoading();
  void OnLoaded(Result<LoadedFiles> loaded);
  bool StartService();
  Status<> StartWebSide(UniqueFd launcher);
  void OfferToLauncher(LoadedFiles files);
  void Commit();
  void ReloadFailed(const std::string& errors);
  void ReceiveFromWeb();
  void ReceiveFromLauncher();
  void SendStats();

  GuardianOptions options_;
  UniqueFd signals_;
  GuardianChildren children_;
  Loader loader_;
  LauncherKeeper launcher_;
  Channel web_;
  pid_t web_pid_{};
  bool web_ready_{};

  LoadedFiles files_;                   // what runs
  std::optional<LoadedFiles> pending_;  // the launcher has not answered yet
  Deadline pending_until_;
  std::uint32_t last_generation_{};
  bool load_again_{};  // a reload was asked for during a reload

  bool stopping_{};
  bool stop_now_{};
  Clock::time_point first_stop_signal_{};
  Deadline web_until_;  // never, until the web side is to end
  std::uint64_t launcher_restarts_{};
  std::optional<int> exit_status_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_LOOP_HPP_
