// ProgramCheck: whether the users of commands can execute their programs.
//
// Only a process of that user can tell: modes, groups, access lists, closed
// folders and mounts decide together. So the check starts a process that takes
// the user's rights as a run does, and looks as a run looks after a failed
// start (spawn_look.hpp). It executes nothing.
//
// A file system that does not answer must not hold up the load: after two
// seconds (six for all) the process is left alone, and the answer is not known.
//
// Thread safety: none. The processes are forks, so they share no memory.
#ifndef COMMAND_EXPORTER_CORE_SERVICE_PROGRAM_CHECK_HPP_
#define COMMAND_EXPORTER_CORE_SERVICE_PROGRAM_CHECK_HPP_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/config/config.hpp"
#include "core/process/command/command_table.hpp"
#include "core/process/spawn/spawner.hpp"

namespace command_exporter {

class ProgramCheck {
 public:
  // What keeps the command from starting; its fault is kExec with error 0 when
  // nothing does. None: not known.
  std::optional<SpawnEnd> Look(const CommandSpec& spec);

  // True also when it is not known.
  bool MayStart(const CommandSpec& spec);

 private:
  Spawner spawner_{SpawnMode::kFork};
  std::optional<Deadline> until_{};
};

// A warning for each program that could not be started now, with the position
// of the first collector concerned. Relative programs of which the file itself
// warns are left out.
std::vector<std::string> ProgramWarnings(const Config& config,
                                         const CommandTable& table);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SERVICE_PROGRAM_CHECK_HPP_
