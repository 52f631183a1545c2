// LauncherSoak: the real launcher with a random mixture of healthy and hostile
// programs, and a web side that cancels, floods and reloads at random.
//
// After two to four seconds of work and a pause, it proves that nothing is
// left: no process, no zombie, no marker, each descriptor as at the start, and
// the launcher's resident memory within a megabyte of its size after each
// program had run once. Each result is checked when it arrives: only one, in
// time, and the right one.
//
// Thread safety: none.
#ifndef COMMAND_EXPORTER_TESTS_SOAK_LAUNCHER_SOAK_HPP_
#define COMMAND_EXPORTER_TESTS_SOAK_LAUNCHER_SOAK_HPP_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/ipc/channel.hpp"
#include "core/process/ipc/messages.hpp"
#include "tests/soak/machine_delay.hpp"
#include "tests/soak/soak_programs.hpp"
#include "tests/soak/violations.hpp"
#include "tests/support/nothing_left.hpp"

namespace command_exporter {

class LauncherSoak {
 public:
  LauncherSoak(std::uint64_t seed, Violations& violations);
  // Ends the launcher.
  ~LauncherSoak();
  LauncherSoak(const LauncherSoak&) = delete;
  LauncherSoak& operator=(const LauncherSoak&) = delete;

  void Run(Duration time);
  void Print() const;

 private:
  struct Job {
    std::size_t program{};
    std::uint32_t generation{};
    Clock::time_point asked{};
    std::optional<Clock::time_point> started{};
    std::optional<Clock::time_point> timed_out{};
    std::optional<Clock::time_point> cancel_at{};  // the planned time
    std::optional<Clock::time_point> ended_by_us{};
    bool cancelled{};
    bool cut{};
    std::string out{};
    UniqueFd out_end{};
    UniqueFd err_end{};
  };

  void Fork();
  void StartBystanders();
  void WarmUp();
  void Work(Deadline until);
  void StartOne();
  Job& Start(std::size_t program);
  void Reload();
  void CancelSome();
  void Serve(int milliseconds);
  void OnPacket(Packet& packet);
  void OnJobMessage(MessageKind kind, Packet& packet);
  void OnDone(const DoneMessage& done);
  void Drain(std::uint64_t id, Job& job);
  bool DrainStream(UniqueFd& end, std::string* text);

  void Judge(const Job& job, const DoneMessage& done);
  // Deadline, grace and half a second, adjusted for a machine this busy.
  void JudgeTime(const Job& job, Clock::time_point now);
  void LookForSurvivors(const Job& job);
  void AwaitQuiet();
  void CheckQuiet();
  void CheckMemory();
  StatsMessage Stats();

  std::size_t Pick(std::size_t below);
  // Its output, for a violation.
  std::string Describe(const Job& job) const;

  Violations* violations_;
  std::mt19937_64 random_;
  std::vector<SoakProgram> programs_{SoakPrograms()};
  std::vector<bool> busy_{};  // by program
  std::vector<pid_t> bystanders_{};
  pid_t launcher_{};
  Channel web_{};
  Channel guardian_{};
  std::optional<NothingLeft> nothing_left_{};
  std::optional<MachineDelay> delay_{};  // a thread: after the fork
  std::map<std::uint64_t, Job> jobs_{};
  std::map<std::uint64_t, std::size_t> stuck_{};  // job -> program
  std::optional<StatsMessage> stats_{};
  std::uint64_t last_job_{};
  std::uint32_t generation_{1};  // confirmed by the launcher
  std::uint32_t asked_generation_{1};
  Clock::time_point last_turn_{};

  std::map<Ending, std::uint64_t> endings_{};
  std::uint64_t reloads_{};
  std::uint64_t orphans_{};
  std::uint64_t start_bytes_{};
  std::uint64_t most_bytes_{};
  Duration latest_{};  // longest time beyond deadline and grace
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_SOAK_LAUNCHER_SOAK_HPP_
