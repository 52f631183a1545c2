// What of a collector's limits this machine can hold, and by what.
//
// A limit that nothing would hold is refused when the configuration is loaded,
// not ignored when it matters. cpu and files are resource limits, which bound
// each process. memory is bounded for the whole run by a control group where
// there is one with that controller, else for each process by RLIMIT_AS, which
// is less (hence a warning). processes is held by a control group only:
// RLIMIT_NPROC counts all processes of a user, those of other runs and the
// exporter's own threads too.
//
// Thread safety: pure but for ThisMachine.
#ifndef COMMAND_EXPORTER_COLLECTORS_COMMANDS_LIMIT_CHECKS_HPP_
#define COMMAND_EXPORTER_COLLECTORS_COMMANDS_LIMIT_CHECKS_HPP_

#include <sys/resource.h>

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/config/config.hpp"
#include "core/process/command/command_table.hpp"
#include "core/process/system/cgroup_home.hpp"

namespace command_exporter {

// What bounds the bounds.
struct MachineLimits {
  std::optional<CgroupHome> cgroups{};  // none: not known here
  bool may_raise{};                     // CAP_SYS_RESOURCE
  // Hard limits of this process.
  rlim_t cpu_seconds{RLIM_INFINITY};
  rlim_t address_space{RLIM_INFINITY};
  rlim_t open_files{RLIM_INFINITY};
};

MachineLimits ThisMachine(const std::optional<CgroupHome>& cgroups);

// Fills `limits` and `cgroup` of `spec`. Warnings and errors have the position
// of the key.
Result<std::vector<std::string>> HoldLimits(const CollectorConfig& config,
                                            const MachineLimits& machine,
                                            CommandSpec& spec);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_COMMANDS_LIMIT_CHECKS_HPP_
