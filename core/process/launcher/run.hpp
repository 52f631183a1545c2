// Run: one execution of a command, from its process's start until nothing of
// it is left.
//
//   state        what happens in it                       left by
//   kRunning     the leader works                         exit; timeout, cancel
//   kTerminating TERM and CONT sent, `grace` runs         exit; end of grace
//   kKilling     KILL sent to all of it                   exit; stuck (*)
//   kLinger      leader gone, a pipe is still held open   hang-up; 100 ms
//   kClearing    leader gone, the rest is being killed    nothing left; stuck
//   (*) kStuck       reported; not even KILL helped           nothing left
//
// (*) What is left is looked at every 200 ms. It is stuck when a process is in
// the same sleep in the kernel (state D) at two looks, or when we may not
// signal it; and after 5 s whatever it does. A process that was in state D at
// one look proves nothing: hundreds that die at once wait for each other's
// locks there.
//
// The leader is the process that we started; the rest are its descendants. At
// its end the leader's zombie keeps its pid, hence the group's id, from being
// used again, so the group is signalled before the leader is reaped; later
// only our own children are, each by pid. With a control group of its own, all
// that is in it is killed at once as well, ours or not, and the run is over
// only when nobody is in it.
//
// RunLadder has these rules as code.
//
// Thread safety: none; belongs to RunTable.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_HPP_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/command/command_runner.hpp"
#include "core/process/ipc/messages.hpp"
#include "core/process/launcher/cgroup_pool.hpp"
#include "core/process/launcher/run_command.hpp"
#include "core/process/spawn/spawner.hpp"

namespace command_exporter {

enum class RunState : std::uint8_t {
  kRunning,
  kTerminating,
  kKilling,
  kLinger,
  kClearing,
  kStuck,
};

// What is left of the run has been sent SIGKILL.
bool IsEnding(RunState state);

// A process that SIGKILL has not ended yet.
struct Sleeper {
  pid_t pid{};
  std::uint64_t switches{};  // of context, so far

  bool operator==(const Sleeper&) const = default;
};

struct Run {
  std::uint64_t job{};
  std::uint64_t serial{};
  RunCommand* command{};
  std::shared_ptr<Generation> generation{};  // owner of `command`

  RunState state{RunState::kRunning};
  Deadline timer{};               // when the state's time is over
  Deadline patience{};            // with what was killed and can die
  std::vector<Sleeper> asleep{};  // at the last look
  std::optional<Ending> cause{};  // why we end it
  Clock::time_point started{};
  Duration started_since_boot{};  // CLOCK_BOOTTIME, as the kernel's own
  Deadline timeout{};

  pid_t leader{};
  bool reaped{};                // the leader
  SpawnSlot* slot{};            // until the leader has left our memory
  SpawnEnd start{};             // why there was no execve, if so
  std::optional<int> status{};  // as of wait4(2); none: it could not be had

  std::size_t ledger_line{};  // 0: none

  UniqueFd out{};  // read ends, kept only to see the hang-up
  UniqueFd err{};
  bool watched{};  // they are in the epoll set

  std::unique_ptr<RunCgroup> cgroup{};  // null: its session alone holds it

  Duration wall{};
  Duration cpu{};
  Duration reported_cpu{};  // what a stuck run's end has told
  std::uint64_t max_rss_bytes{};
  std::uint32_t leftovers{};
};

// How it ended, as far as it has. A run that is not reaped is kLauncherLost.
DoneMessage EndOf(const Run& run);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_HPP_
