// Whose orphan is it? The rule by which processes that lost their parent are
// given to a run, as pure functions.
//
// A run's descendants become the launcher's children when their parent dies,
// since the launcher is a subreaper. Such an orphan may be part of a run that
// goes on (its setsid helper) or left by one that has ended (a daemon), and
// nothing in the kernel says which. In this order:
//   1. session: it is still in the session of a run;
//   2. control group: it is in that of a run;
//   3. marker: it bears the run's tag (run_tags.hpp), or its environment names
//      the run. A marker of a run that has ended ends the orphan;
//   4. epoch: it belongs to one of the runs that were there when it was
//      started (not: when it was first seen, which may be much later, when the
//      daemon that started it dies). If that is one run only, to that; else to
//      nobody, and it is killed as soon as all of those have ended. So it
//      never outlives the longest of their timeouts, and no live run loses a
//      process.
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

// A run that is not done, as the rule sees it.
struct LiveRun {
  std::uint64_t serial{};  // counts up from 1 in order of start
  pid_t leader{};          // also the id of its session
  bool ending{};           // what is left of it is to be killed
  Duration started{};      // CLOCK_BOOTTIME, not after its leader's start
  std::uint32_t cgroup{};  // number of its control group; 0: none
};

struct OrphanFacts {
  pid_t session{};
  std::optional<std::uint64_t> marker{};  // the serial that it bears
  std::uint64_t last_serial{};            // of all runs when it was started
  std::uint32_t cgroup{};                 // 0: of no run
};

enum class OrphanFate { kLeave, kKill };

// The last live run that may have started a process: 0 when none may.
// `process_start`: CLOCK_BOOTTIME, rounded up.
std::uint64_t LastRunBefore(Duration process_start,
                            std::span<const LiveRun> runs);

// The serial of the run that it belongs to; none: to nobody, for good.
// To be asked once, when the orphan is first seen.
std::optional<std::uint64_t> OwnerOf(const OrphanFacts& orphan,
                                     std::span<const LiveRun> runs);

// To be asked on every sweep.
OrphanFate FateOf(const OrphanFacts& orphan, std::optional<std::uint64_t> owner,
                  std::span<const LiveRun> runs);

// The serial in an environment (NAME=value, each ended by a NUL); none when no
// variable begins with `prefix` and goes on with digits to its end.
std::optional<std::uint64_t> FindMarker(std::string_view environment,
                                        std::string_view prefix);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_ORPHAN_RULE_HPP_
