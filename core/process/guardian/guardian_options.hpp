// What the guardian is started with: the bodies of the processes that it forks,
// and its times.
//
// The bodies are functions, so that the guardian knows neither the loader of a
// configuration nor the web side, and tests can put others in their place.
//
// Thread safety: plain values.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_OPTIONS_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_OPTIONS_HPP_

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "core/process/ipc/web_side_start.hpp"
#include "core/process/launcher/launcher.hpp"
#include "core/process/system/cgroup_home.hpp"

namespace command_exporter {

// What the loader found: the encoded command table and the encoded text of the
// files (opaque to the guardian).
struct LoadedConfig {
  std::string table{};
  std::string text{};
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

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_OPTIONS_HPP_
