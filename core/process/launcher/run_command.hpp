// RunCommand: a command of the table in the form in which it is started.
//
// Everything that can be made once is made when the table arrives: pointer
// arrays for execve, the place of the three variables that differ from run to
// run. A run therefore allocates nothing here. That place may be shared by all
// runs of the command since only one of them is live at a time.
//
// Thread safety: none. Invariant: a Generation outlives its runs (they hold
// it), since a child may read it until it has called execve.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_COMMAND_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_COMMAND_HPP_

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/process/command/command_table.hpp"
#include "core/process/spawn/spawn_child.hpp"

namespace command_exporter {

// The environment variable that distinguishes a run's processes from others:
// "COMMAND_EXPORTER_RUN=<launcher's pid>.<serial of the run>".
inline constexpr std::string_view kMarkerName = "COMMAND_EXPORTER_RUN=";

// "COMMAND_EXPORTER_RUN=4711."
std::string MarkerPrefix(pid_t launcher);

class RunCommand {
 public:
  // Requires: `spec` stays where it is.
  explicit RunCommand(const CommandSpec& spec);

  const CommandSpec& spec() const { return *spec_; }

  // Equal for commands that are the same in every respect, in whichever
  // generation: of these only one runs at a time.
  std::uint64_t identity() const { return identity_; }

  // Equal for all instances of a collector.
  std::uint64_t collector() const { return collector_; }

  const char* const* paths() const { return paths_.data(); }

  const char* const* argv() const { return argv_.data(); }

  // Writes what differs from run to run.
  const char* const* PrepareEnvironment(pid_t launcher, std::uint64_t serial,
                                        Duration timeout);

  // `open_files`: what a command without a limit of its own gets.
  std::span<const ResourceLimit> PrepareLimits(const rlimit& open_files);

 private:
  static constexpr std::size_t kVariableBytes = 80;
  static constexpr std::size_t kVariables = 3;
  static constexpr std::size_t kMostLimits = 3;

  const CommandSpec* spec_;
  std::uint64_t identity_{};
  std::uint64_t collector_{};
  std::vector<const char*> paths_{};
  std::vector<const char*> argv_{};
  std::vector<const char*> envp_{};  // the first kVariables are filled by a run
  std::array<std::array<char, kVariableBytes>, kVariables> variables_{};
  std::array<ResourceLimit, kMostLimits> limits_{};
};

class Generation {
 public:
  explicit Generation(CommandTable table);

  std::uint32_t number() const { return table_.generation; }

  // Different ones: instances of one are equal.
  const std::unordered_set<std::uint64_t>& collectors() const {
    return collectors_;
  }

  // Null when there is no such command.
  RunCommand* Find(std::uint32_t index);

 private:
  CommandTable table_;
  std::vector<RunCommand> commands_{};
  std::unordered_set<std::uint64_t> collectors_{};
};

// The newest generation and those just before it: the web side may still start
// runs of one while it changes over, and the next reload does not wait for it.
// Older ones live as long as their runs.
class Generations {
 public:
  void Add(CommandTable table);
  std::shared_ptr<Generation> Find(std::uint32_t number) const;

  // Requires: one was added.
  const Generation& newest() const { return *kept_.front(); }

 private:
  // A reload takes as long as a change-over, so two would nearly do.
  static constexpr std::size_t kKept = 4;

  std::array<std::shared_ptr<Generation>, kKept> kept_{};  // newest first
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_COMMAND_HPP_
