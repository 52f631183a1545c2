// LauncherKeeper: forks the launcher, listens to its heart, and decides when a
// dead one gets a successor.
//
// A launcher that leaves three pings (one a second) unanswered is killed as if
// it had died: stopped, looping, it could hold no promise. The first successor
// comes at once, further ones after 1, 2, 4 ... 30 s; a minute of life makes
// the count start again.
//
// Thread safety: none; the guardian's thread.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_LAUNCHER_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_LAUNCHER_HPP_

#include <sys/resource.h>
#include <sys/types.h>

#include <cstdint>
#include <functional>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/channel.hpp"
#include "core/process/guardian_children.hpp"

namespace command_exporter {

class LauncherKeeper {
 public:
  // `open_files`: the soft limit that the commands are to have; the launcher
  // raises its own and gives them what it found.
  LauncherKeeper(std::uint32_t max_concurrency, rlim_t open_files)
      : max_concurrency_(max_concurrency),
        open_files_(open_files) {}

  // Forks one with a duplicate of `table`; gives the web side's end of its pair
  // A. Requires: !running(). `close_others` as for the loader. A failure counts
  // as a death.
  Result<UniqueFd> Start(const UniqueFd& table, GuardianChildren& children,
                         const std::function<void()>& close_others);

  bool running() const { return pid_ > 0; }

  // 0 when there is none.
  pid_t pid() const { return pid_; }

  Channel& channel() { return channel_; }

  void Close() { channel_.Close(); }

  void OnPong() { unanswered_ = 0; }

  // Pings, or kills one that is silent: false then. Once a turn.
  bool Tick(const GuardianChildren& children);
  // Its socket ended or broke; without it it is of no use.
  void Kill(const GuardianChildren& children);
  // It was reaped. Gives the wait before the next one.
  Duration OnDeath();

  // When Tick or Start is due.
  Deadline next() const { return running() ? next_ping_ : restart_at_; }

  bool MayStart() const { return !running() && restart_at_.Passed(); }

 private:
  std::uint32_t max_concurrency_{};
  rlim_t open_files_{};
  pid_t pid_{};
  Channel channel_;
  Deadline started_;
  Deadline next_ping_;
  Deadline restart_at_;
  int unanswered_{};
  int quick_deaths_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_LAUNCHER_HPP_
