// LauncherKeeper: forks the launcher, listens to its heart, and decides when a
// dead one gets a successor.
//
// A launcher that leaves three pings (one a heartbeat) unanswered is killed as
// if it had died: stopped, looping, it could hold no promise. The first
// successor comes at once, further ones after 1, 2, 4 ... 30 s; a minute of
// life makes the count start again.
//
// Thread safety: none; the guardian's thread.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_LAUNCHER_KEEPER_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_LAUNCHER_KEEPER_HPP_

#include <sys/resource.h>
#include <sys/types.h>

#include <functional>
#include <string>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/guardian/guardian_children.hpp"
#include "core/process/guardian/guardian_options.hpp"
#include "core/process/ipc/channel.hpp"
#include "core/process/ipc/message_rules.hpp"
#include "core/process/ipc/run_ledger.hpp"

namespace command_exporter {

class LauncherKeeper {
 public:
  // `open_files`: the soft limit that the commands are to have; the launcher
  // raises its own and gives them what it found. `options` must outlive this.
  LauncherKeeper(const GuardianOptions& options, rlim_t open_files)
      : options_(options),
        open_files_(open_files) {}

  // Forks one with duplicates of the tables of the newest generation and of the
  // one before it (which may be absent); gives the web side's end of its pair
  // A. Requires: !running(). `close_others` as for the loader. A failure counts
  // as a death.
  Result<UniqueFd> Start(const UniqueFd& table, const UniqueFd& older_table,
                         GuardianChildren& children,
                         const std::function<void()>& close_others);

  bool running() const { return pid_ > 0; }

  // 0 when there is none.
  pid_t pid() const { return pid_; }

  Channel& channel() { return channel_; }

  // Which collector a tag stands for, of this launcher or an earlier one.
  const RunLedger& ledger() const { return ledger_; }

  void Close() { channel_.Close(); }

  // In a child that is no launcher.
  void CloseLedger() { ledger_.Close(); }

  // Takes the next message. False: there is none now. When its socket has
  // ended, or it speaks nonsense, it is killed.
  bool Receive(Packet& packet, const GuardianChildren& children);

  // Pings, or kills one that is silent: false then. Once a turn.
  bool Tick(const GuardianChildren& children);
  // Its socket ended or broke; without it it is of no use.
  void Kill(const GuardianChildren& children);
  // It was reaped. Gives the wait before the next one.
  Duration OnDeath();

  // How it ended, from its status of waitpid(2), for the log.
  static std::string Describe(int status);

  // When Tick or Start is due.
  Deadline next() const { return running() ? next_ping_ : restart_at_; }

  bool MayStart() const { return !running() && restart_at_.Passed(); }

 private:
  const GuardianOptions& options_;
  rlim_t open_files_{};
  RunLedger ledger_{};
  pid_t pid_{};
  Channel channel_;
  MessageRules rules_{Direction::kLauncherToGuardian};
  Deadline started_;
  Deadline next_ping_;
  Deadline restart_at_;
  int unanswered_{};
  int quick_deaths_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_LAUNCHER_KEEPER_HPP_
