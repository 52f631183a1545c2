// Decides which limits of a collector this machine can enforce, and by what.
//
// A limit that nothing would enforce is rejected when the configuration is
// loaded, instead of being ignored at run time. cpu and files are resource
// limits, which apply to each process. A control group with the memory
// controller limits the memory of the whole run; without one, RLIMIT_AS limits
// each process, which is weaker (hence a warning). Only a control group limits
// processes: RLIMIT_NPROC counts all processes of a user, including those of
// other runs and the exporter's own threads.
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

// The limits of the machine itself.
struct MachineLimits {
  std::optional<CgroupHome> cgroups{};  // none: unknown here
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
