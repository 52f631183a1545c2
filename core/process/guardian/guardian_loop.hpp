// GuardianLoop: the guardian's state and its poll loop.
//
// Signals, messages and deadlines only change the state; what follows from it
// (a stop, a new launcher, the end) is done in one place, once a turn. Nothing
// waits for another process but the last clean-up, which is bounded.
//
// Thread safety: none; one thread. Invariant: a configuration is either the
// running one, or `pending_` until a launcher has its table, or gone. While one
// is pending, a new launcher serves nobody: the web side gets its socket with
// the configuration, or when that has failed.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_LOOP_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_LOOP_HPP_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/deadline.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/guardian/guardian_children.hpp"
#include "core/process/guardian/guardian_options.hpp"
#include "core/process/guardian/guardian_setup.hpp"
#include "core/process/guardian/launcher_keeper.hpp"
#include "core/process/guardian/loader.hpp"
#include "core/process/ipc/channel.hpp"
#include "core/process/ipc/message_rules.hpp"

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
  void SweepChildren();
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
  void OfferPending();
  void GiveUpPending(const std::string& why);
  void ConnectWebSide();
  void ReloadFailed(const std::string& errors);
  void ReceiveFromWeb();
  void OnWebPacket(const Packet& packet);
  void ReceiveFromLauncher();
  void OnLauncherPacket(const Packet& packet);
  void SendStats();

  GuardianOptions options_;
  UniqueFd signals_;
  GuardianChildren children_;
  Loader loader_;
  LauncherKeeper launcher_;
  Deadline sweep_at_;  // never, but while a dead launcher's are not gone
  Channel web_;
  MessageRules web_rules_{Direction::kWebToGuardian};
  pid_t web_pid_{};
  bool web_ready_{};

  LoadedFiles files_;                   // what runs
  UniqueFd older_table_;                // of the generation before
  UniqueFd launcher_socket_;            // for the web side, not sent yet
  std::optional<LoadedFiles> pending_;  // the launcher has not answered yet
  Deadline pending_until_;
  int pending_deaths_{};  // of launchers that were offered it
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

#endif  // COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_LOOP_HPP_
