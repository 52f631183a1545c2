// What the launcher is started with, and how it may end.
//
// Thread safety: plain values.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_LAUNCHER_OPTIONS_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_LAUNCHER_OPTIONS_HPP_

#include <cstdint>

#include "core/base/unique_fd.hpp"
#include "core/process/ipc/run_ledger.hpp"
#include "core/process/system/cgroup_home.hpp"

namespace command_exporter {

// The exit status of a launcher that lost one of its limits (own_limits.hpp).
inline constexpr int kLauncherLimitsLost = 3;

struct LauncherOptions {
  UniqueFd web{};       // its end of pair A
  UniqueFd guardian{};  // its end of pair C; may be absent in tests
  UniqueFd table{};     // sealed command table of the newest generation
  // Of the generation before it, of which runs may still be asked for; absent
  // at the first start.
  UniqueFd older_table{};
  std::uint32_t max_concurrency{128};
  CgroupHome cgroups{};  // where its runs get control groups, if anywhere
  RunLedger* ledger{};   // names of its runs for the guardian; may be null
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_LAUNCHER_OPTIONS_HPP_
