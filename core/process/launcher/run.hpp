// Run: one execution of a command, from its process's start until nothing of
// it is left.
//
//   state        what happens in it                       left by
//   kRunning     the leader works                         exit; timeout, cancel
//   kTerminating TERM and CONT sent, `grace` runs         exit; end of grace
//   kKilling     KILL sent to all of it                   exit; 400 ms (*)
//   kLinger      leader gone, a pipe is still held open   hang-up; 100 ms
//   kClearing    leader gone, the rest is being killed    nothing left; 400 ms
//   kStuck       reported; not even KILL helped           nothing left
//
// (*) and so is kClearing's: again and again, up to 5 s, while all that is left
// could die and only waits for a processor. A process in state D, or one that
// we may not signal, is stuck after the first 400 ms.
//
// The leader is the process that we started; the rest are its descendants. At
// its end the leader's zombie keeps its pid, hence the group's id, from being
// used again, so the group is signalled before the leader is reaped; later
// only our own children are, each by pid. With a control group of its own, all
// that is in it is killed at once as well, ours or not, and the run is over
// only when nobody is in it.
//
// Thread safety: none; belongs to RunTable.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_HPP_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>

#include "core/base/deadline.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/command/command_runner.hpp"
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

struct Run {
  std::uint64_t job{};
  std::uint64_t serial{};
  RunCommand* command{};
  std::shared_ptr<Generation> generation{};  // owner of `command`

  RunState state{RunState::kRunning};
  Deadline timer{};               // when the state's time is over
  Deadline patience{};            // with what was killed and can die
  std::optional<Ending> cause{};  // why we end it
  Clock::time_point started{};
  Duration started_since_boot{};  // CLOCK_BOOTTIME, as the kernel's own
  Deadline timeout{};

  pid_t leader{};
  bool reaped{};      // the leader
  SpawnSlot* slot{};  // until the leader has left our memory
  SpawnFailure failure{};
  std::optional<int> status{};  // as of wait4(2); none: it could not be had

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

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_HPP_
