// GuardianLoop: the guardian's state and its poll loop.
//
// Signals, messages and deadlines only change the state; the consequences (a
// stop, a new launcher, the end) happen in one place, once a turn. Only the
// last clean-up waits for other processes, and its time is bounded.
//
// Thread safety: none; one thread.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_LOOP_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_LOOP_HPP_

#include <sys/types.h>

#include <cstdint>
#include <optional>

#include "core/base/deadline.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/guardian/guardian_children.hpp"
#include "core/process/guardian/guardian_options.hpp"
#include "core/process/guardian/guardian_setup.hpp"
#include "core/process/guardian/launcher_keeper.hpp"
#include "core/process/guardian/loader.hpp"
#include "core/process/guardian/reloads.hpp"
#include "core/process/guardian/web_side_keeper.hpp"
#include "core/process/ipc/channel.hpp"

namespace command_exporter {

class GuardianLoop {
 public:
  GuardianLoop(GuardianOptions options, GuardianProcess process);

  int Run();

 private:
  void Wait();
  Deadline NextDeadline() const;
  void ReadSignals();
  void OnStopSignal();
  void OnTime();

  void StartLoading();
  void OnLoaded(Result<LoadedFiles> loaded);
  bool StartService();

  void CareForLauncher();
  void SweepChildren();
  void StartNextLauncher();
  void OnLauncherEnded(int status);
  void OnWebEnded(int status);
  void End();
  // In a child: closes the descriptors of the guardian.
  void CloseAll();

  void ReceiveFromWeb();
  void OnWebPacket(const Packet& packet);
  void ReceiveFromLauncher();
  void SendStats();

  GuardianOptions options_;
  UniqueFd signals_;
  GuardianChildren children_;
  LauncherKeeper launcher_;
  Deadline sweep_at_;  // never, except while orphans of a dead launcher remain
  WebSideKeeper web_;
  Reloads reloads_;

  bool stopping_{};
  bool stop_now_{};
  Clock::time_point first_stop_signal_{};
  std::uint64_t launcher_restarts_{};
  std::optional<int> exit_status_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_LOOP_HPP_
