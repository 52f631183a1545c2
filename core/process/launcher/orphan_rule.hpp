// The rule that assigns orphans to runs, as pure functions.
//
// A run's descendants become the launcher's children when their parent dies,
// because the launcher is a subreaper. Such an orphan may be part of a live run
// (its setsid helper) or left by an ended one (a daemon), and the kernel does
// not say which. The rule checks, in this order:
//   1. session: it is still in the session of a run;
//   2. control group: it is in the group of a run;
//   3. marker: it has the run's tag (run_tags.hpp), or its environment names
//      the run. If that run has ended, the orphan is killed;
//   4. epoch: it belongs to one of the runs that were live when it was started
//      (not: when it was first seen, which may be much later, when the daemon
//      that started it dies). If there is only one such run, it belongs to that
//      run; else to none, and it is killed as soon as all of them have ended.
//      It therefore never outlives the longest of their timeouts, and no live
//      run loses a process.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_ORPHAN_RULE_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_ORPHAN_RULE_HPP_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/deadline.hpp"

namespace command_exporter {

// A run that is not done, as input of the rule.
struct LiveRun {
  std::uint64_t serial{};  // counts up from 1 in order of start
  pid_t leader{};          // also the id of its session
  bool ending{};           // its remaining processes are to be killed
  Duration started{};      // CLOCK_BOOTTIME, not after its leader's start
  std::uint32_t cgroup{};  // number of its control group; 0: none
};

struct OrphanFacts {
  pid_t session{};
  std::optional<std::uint64_t> marker{};  // the serial that it carries
  std::uint64_t last_serial{};            // the last run started before it
  std::uint32_t cgroup{};                 // 0: of no run
};

enum class OrphanFate { kLeave, kKill };

// The last live run that may have started a process: 0 if there is none.
// `process_start`: CLOCK_BOOTTIME, rounded up.
std::uint64_t LastRunBefore(Duration process_start,
                            std::span<const LiveRun> runs);

// The serial of the run that the orphan belongs to; none: to no run,
// permanently. Call it once, when the orphan is first seen.
std::optional<std::uint64_t> OwnerOf(const OrphanFacts& orphan,
                                     std::span<const LiveRun> runs);

// Call it on every sweep.
OrphanFate FateOf(const OrphanFacts& orphan, std::optional<std::uint64_t> owner,
                  std::span<const LiveRun> runs);

// The serial in an environment (NAME=value, each ended by a NUL); none when no
// variable is `prefix` followed by digits only.
std::optional<std::uint64_t> FindMarker(std::string_view environment,
                                        std::string_view prefix);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_ORPHAN_RULE_HPP_
