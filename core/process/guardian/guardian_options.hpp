// GuardianOptions: the bodies of the processes that the guardian forks, and its
// times.
//
// The bodies are functions, so that the guardian depends neither on the loader
// of a configuration nor on the web side, and tests can replace them.
//
// Thread safety: plain values.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_OPTIONS_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_OPTIONS_HPP_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "core/process/ipc/web_side_start.hpp"
#include "core/process/launcher/launcher.hpp"
#include "core/process/system/cgroup_home.hpp"

namespace command_exporter {

// The result of the loader: the encoded command table and the encoded text of
// the files (opaque to the guardian).
struct LoadedConfig {
  std::string table{};
  std::string text{};
  std::size_t collectors{};  // in the text, disabled ones included
};

// Tests shorten them.
struct GuardianTimes {
  // A loader that takes longer is killed, and the load fails.
  Duration longest_load{std::chrono::seconds{30}};
  // The interval of pings to the launcher, which must answer or is replaced.
  Duration heartbeat{std::chrono::seconds{1}};
  // A dead launcher is replaced after 0, 1, 2, 4 ... 30 of these.
  Duration pause{std::chrono::seconds{1}};
  // The time for the web side to end before it is killed. Scrapes may finish
  // for 10 s; the rest is for the shutdown.
  Duration stop{std::chrono::seconds{12}};
  // At the end: the time for the launcher, which kills its runs and exits when
  // its sockets close, and then again for killing what remains.
  Duration end{std::chrono::seconds{2}};
};

struct GuardianOptions {
  // Runs in the loader process, for the given generation. The error may have
  // several lines.
  std::function<Result<LoadedConfig>(std::uint32_t generation)> load{};
  // Runs in the loader process, before what was loaded replaces a running
  // configuration with the given text. Empty: it always may.
  std::function<Status<>(const LoadedConfig& loaded,
                         const std::string& running)>
      may_replace{};
  // Runs in the web side's process; its value is the exit status.
  std::function<int(WebSideStart)> web_side{};
  std::uint32_t max_concurrency{128};
  // Runs in the launcher's process; its value is the exit status.
  std::function<int(LauncherOptions)> launcher{RunLauncher};
  GuardianTimes times{};
  CgroupHome cgroups{};  // where runs get control groups, if possible
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_GUARDIAN_OPTIONS_HPP_
