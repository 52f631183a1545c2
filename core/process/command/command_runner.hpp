// CommandRunner: the interface to the operating system.
//
// All code above it is tested with a fake. The real implementation is
// LauncherClient, which sends each request to the launcher process. A request
// names a command by its index in the command table of a generation. No argv is
// ever sent, so a compromised web side cannot run what the configuration does
// not hold.
//
// A timeout has two steps. At its deadline the run is reported (`timed_out`),
// so that no scrape waits for the killing. When no process of it is left, or it
// has proved unkillable, the run is done (`done`).
//
// Thread safety: all three functions may be called from any thread. Callbacks
// come from the runner's own thread, one at a time; they must not block and may
// call Start, Cancel and Extend. Invariant: for every Start, `timed_out` comes
// at most once and before `done`; `done` comes exactly once; `released` comes
// only after a `done` with kStuck.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_COMMAND_COMMAND_RUNNER_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_COMMAND_COMMAND_RUNNER_HPP_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/base/deadline.hpp"
#include "core/process/command/start_diagnosis.hpp"

namespace command_exporter {

enum class Ending : std::uint8_t {
  kExited,        // code: exit status
  kSignaled,      // code: signal from outside the exporter
  kTimedOut,      // ended by us at its timeout
  kOutputLimit,   // ended by us: more than max_output on one stream
  kCancelled,     // ended by us: Cancel
  kNotStarted,    // code: errno; fault says at which step
  kStuck,         // still there after SIGKILL (state D); `released` follows
  kLauncherLost,  // the launcher process died during the run
};

// The step at which a command could not be started.
enum class StartFault : std::uint8_t {
  kNone,
  kTable,  // no such command in that generation
  // Four ways in which the deadline came before the start: overload.
  kAdmission,    // max-concurrency left it no place
  kHostBusy,     // the host's processors were busy
  kStillThere,   // an earlier run of the same command had not ended
  kTooMany,      // so many were ahead of it that it was not sent at all
  kStuckBefore,  // an earlier run of the same command is stuck
  kPipe,
  kStdin,
  kClone,
  kSession,
  kDescriptors,
  kUmask,
  kLimits,
  kNice,
  kGroups,
  kGid,
  kUid,
  kChdir,
  kSignalMask,
  kTrust,  // others may change the program: not started
  kExec,
  kCgroup,  // no control group, and `containment` or a limit demands one
};
// The word for messages: "execve", "chdir", ...
const char* Name(StartFault fault);

// The run was not started, because its deadline had passed.
constexpr bool IsTooLate(StartFault fault) {
  return fault >= StartFault::kAdmission && fault <= StartFault::kTooMany;
}

struct CommandRequest {
  std::uint32_t generation{};
  std::uint32_t command{};
  // Counted from the moment the process starts.
  Duration timeout{};
  // Latest start; a run still queued then is kNotStarted, and IsTooLate(fault).
  Deadline deadline{};
  // Equal for the instances of a collector: collectors take turns.
  std::uint32_t collector{};
  // Bytes kept of each stream; one more byte ends the run (kOutputLimit).
  std::size_t max_output{};
};

struct CommandResult {
  Ending ending{};
  int code{};
  StartFault fault{};
  // What stood in the way of a failed start; null: not known.
  std::shared_ptr<const StartDiagnosis> diagnosis{};
  std::string out{};
  std::string err{};
  Duration ran{};  // from the start of its process to that one's end; 0: none
  Duration cpu{};  // user + system, with its attributable orphans
  std::uint64_t max_rss_bytes{};
  std::uint32_t leftovers{};  // processes of the run that had to be killed
  bool over_memory{};         // the kernel killed it: limits.memory
};

using RunId = std::uint64_t;

struct RunCallbacks {
  // The run has reached its timeout and is being ended; `out` and `err` are its
  // output so far. May be empty: then no call is made.
  std::function<void(const CommandResult&)> timed_out{};
  std::function<void(CommandResult)> done{};
  // After kStuck: the kernel has finally released the process. May be empty.
  std::function<void()> released{};
};

class CommandRunner {
 public:
  virtual ~CommandRunner() = default;
  // Returns at once. Requires: callbacks.done is set.
  virtual RunId Start(const CommandRequest& request,
                      RunCallbacks callbacks) = 0;
  // Idempotent; unknown ids are ignored. `done` still comes.
  virtual void Cancel(RunId run) = 0;
  // Postpones the latest start; no effect if `deadline` is not later or the run
  // has started. Unknown ids are ignored.
  virtual void Extend(RunId run, Deadline deadline) = 0;

 protected:
  CommandRunner() = default;
  CommandRunner(const CommandRunner&) = default;
  CommandRunner& operator=(const CommandRunner&) = default;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_COMMAND_COMMAND_RUNNER_HPP_
