// LauncherDriver: a launcher in a process of its own, and a test that sends it
// the messages of the web side.
//
// Thread safety: none. The test's process must have one thread (it forks).
#ifndef COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_LAUNCHER_DRIVER_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_LAUNCHER_DRIVER_HPP_

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/command/command_table.hpp"
#include "core/process/ipc/channel.hpp"
#include "core/process/ipc/messages.hpp"
#include "core/process/system/cgroup_home.hpp"
#include "tests/core/process/launcher/command_specs.hpp"
#include "tests/support/nothing_left.hpp"

namespace command_exporter {

struct TestRun {
  Clock::time_point asked{};
  pid_t pid{};  // 0: not started
  std::string out{};
  std::string err{};
  std::optional<double> timed_out{};  // seconds after the request
  std::optional<StartDiagnosis> found{};
  std::optional<DoneMessage> done{};
  double done_after{};
  bool released{};
  // For the driver only.
  UniqueFd out_end{};
  UniqueFd err_end{};
  bool cut{};
};

class LauncherDriver {
 public:
  struct Options {
    std::uint32_t max_concurrency{64};
    std::size_t max_output{std::size_t{1} << 20U};
    bool guardian{};
    CgroupHome cgroups{};
    std::function<void()> before{};  // runs first, in the launcher's process
  };

  explicit LauncherDriver(std::vector<CommandSpec> commands);
  LauncherDriver(std::vector<CommandSpec> commands, Options options);
  ~LauncherDriver();
  LauncherDriver(const LauncherDriver&) = delete;
  LauncherDriver& operator=(const LauncherDriver&) = delete;

  pid_t pid() const { return pid_; }

  std::uint64_t Start(std::uint32_t command, Duration timeout,
                      std::uint32_t generation = 1,
                      Deadline start_by = Deadline::After(std::chrono::seconds{
                          20}));
  void Cancel(std::uint64_t job, CancelCause cause = CancelCause::kCaller);
  // Waits for its Done; fails the test after 20 s.
  const TestRun& Wait(std::uint64_t job);
  const TestRun& Run(std::uint32_t command,
                     Duration timeout = std::chrono::seconds{5});

  const TestRun& Look(std::uint64_t job) { return runs_[job]; }

  // Handles messages and pipes for that long, or until `enough`.
  void Serve(Duration time, const std::function<bool()>& enough = {});
  StatsMessage Stats();

  Channel& web() { return web_; }

  Channel& guardian() { return guardian_; }

  // The remaining processes; empty is right.
  std::string Left(std::chrono::milliseconds patience = std::chrono::seconds{
                       2}) {
    return nothing_left_->Check(patience);
  }

  // Closes pair A and returns the launcher's exit status.
  int Close();

 private:
  void OnPacket(Packet& packet);
  void Drain(std::uint64_t job, TestRun& run);
  void DrainStream(UniqueFd& end, std::string& text, TestRun& run);

  Options options_;
  Channel web_;
  Channel guardian_;
  pid_t pid_{};
  std::uint64_t last_job_{};
  std::map<std::uint64_t, TestRun> runs_{};
  std::optional<StatsMessage> stats_{};
  std::optional<NothingLeft> nothing_left_{};
};

// `before` runs in the launcher's process, before anything else.
LauncherDriver::Options Before(std::function<void()> before);

// A launcher that finds no limit to tag its runs with, so that it must read
// environments (run_tags.hpp).
LauncherDriver::Options WithoutTags();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_LAUNCHER_DRIVER_HPP_
