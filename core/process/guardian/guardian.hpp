// The guardian: the process that was started (MainPID, or PID 1 in a
// container). It forks the loader, the launcher and the web side, forwards
// signals, reaps, and puts a new launcher in the place of a dead one.
//
// A third process, because after the web side has dropped its privilege only
// somebody who has kept it can fork a clean launcher and kill what the dead one
// left. The guardian is a subreaper with one thread: whatever the launcher
// leaves behind becomes its child.
//
// Sequence and signals: docs/architecture.md. HUP reloads; TERM and INT stop
// gracefully (scrapes in progress are finished, at most 10 s), a second one at
// once. Guardian dead: pairs B and C close, and both others end their work.
//
// Thread safety: RunGuardian is called in a process of one thread, before any
// other is started, and owns it.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_HPP_

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/launcher/launcher.hpp"
#include "core/process/system/cgroup_home.hpp"

namespace command_exporter {

// What the loader found: the encoded command table and the encoded text of the
// files (opaque to the guardian).
struct LoadedConfig {
  std::string table{};
  std::string text{};
};

// What the web side starts with.
struct WebSideStart {
  UniqueFd launcher{};  // its end of pair A
  UniqueFd guardian{};  // its end of pair B
  UniqueFd text{};      // sealed configuration text
  std::uint32_t generation{};
  std::uint32_t guardian_pid{};
};

// Tests shorten them.
struct GuardianTimes {
  // Of a load that hangs; then it is killed and told as an error.
  Duration longest_load{std::chrono::seconds{30}};
  // Between the pings of the launcher, which answers or is replaced.
  Duration heartbeat{std::chrono::seconds{1}};
  // Launchers that die come back after 0, 1, 2, 4 ... 30 of these.
  Duration pause{std::chrono::seconds{1}};
  // For the web side to end; then it is killed. Scrapes may finish for 10 s;
  // the rest is for saying goodbye.
  Duration stop{std::chrono::seconds{12}};
  // At the end: for the launcher, which kills its runs and exits when its
  // sockets end, and again for what must be killed after it.
  Duration end{std::chrono::seconds{2}};
};

struct GuardianOptions {
  // Runs in the loader process, for the given generation. The error may hold
  // several lines.
  std::function<Result<LoadedConfig>(std::uint32_t generation)> load{};
  // Runs in the web side's process; its value is the exit status.
  std::function<int(WebSideStart)> web_side{};
  std::uint32_t max_concurrency{128};
  // Runs in the launcher's process; its value is the exit status.
  std::function<int(LauncherOptions)> launcher{RunLauncher};
  GuardianTimes times{};
  CgroupHome cgroups{};  // where runs get control groups, if anywhere
};

// Returns the exit status of the program: 0 after a requested stop, 1 when the
// first load failed or the web side ended by itself.
int RunGuardian(GuardianOptions options);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_HPP_
