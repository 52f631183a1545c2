// Service: a whole service without configuration and without HTTP: a real
// guardian with real loader and launcher, in a process of its own; the test
// controls its web side through shared memory.
//
// The test process is a subreaper, so that the orphans of a killed role become
// its descendants and are found.
//
// Thread safety: the shared block is atomics; the rest belongs to the test.
#ifndef COMMAND_EXPORTER_TESTS_CORE_PROCESS_GUARDIAN_GUARDIAN_HARNESS_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_PROCESS_GUARDIAN_GUARDIAN_HARNESS_HPP_

#include <sys/types.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "core/process/guardian/guardian.hpp"

namespace command_exporter {

// Communication between the processes, in memory shared by all.
struct ServiceBoard {
  // Requests of the test:
  std::atomic<std::uint32_t> runs_wanted{};  // of the command below
  std::atomic<std::uint32_t> command{};      // index in the table
  std::atomic<bool> reload_wanted{};         // by the web side, over pair B
  std::atomic<bool> stats_wanted{};
  std::atomic<bool> web_should_end{};
  std::atomic<bool> load_fails{};
  std::atomic<bool> load_hangs{};
  std::atomic<int> stop_takes_ms{};    // web side: from stop to exit
  std::atomic<int> timeout_ms{60000};  // of the runs asked for from now on
  // The working directory of the last command, from the next load on.
  std::array<char, 256> cwd{};
  // Results:
  std::atomic<std::uint32_t> loads{};
  std::atomic<std::uint32_t> launchers{};   // counted by tests that play them
  std::atomic<std::uint32_t> generation{};  // in use by the web side
  std::atomic<std::uint32_t> reloads_failed{};
  std::atomic<std::uint32_t> loads_ended{};  // without errors in a file
  std::atomic<std::uint32_t> sockets{};      // new launchers seen
  std::atomic<std::uint32_t> started{};
  std::atomic<std::uint32_t> exited{};  // with status 0
  std::atomic<std::uint32_t> lost{};
  std::atomic<std::uint32_t> timed_out{};  // reported, not ended
  std::atomic<std::uint32_t> stuck{};      // also counted as otherwise
  std::atomic<std::uint32_t> otherwise{};
  std::atomic<std::uint32_t> restarts_told{};   // by the guardian's stats
  std::atomic<std::uint64_t> sigmask_of_web{};  // bit 0: signal 1
  std::atomic<bool> ready{};
  std::atomic<bool> stopped{};  // the web side saw the stop
};

// The commands of the table, by index.
enum : std::uint32_t {
  kCommandTrue,
  kCommandHalfSecond,  // exits 0 after half a second
  kCommandFails,       // exits 3
  kCommandStubborn,    // answers TERM by a `tail` that stays
  kCommandLingers,     // exits 0, a `tail` keeps its output open
  kCommandElsewhere,   // exits 0 in the board's cwd
  // From here on: 31 s, with a daemon of its own beside it. Many, since a
  // command has one live run.
  kCommandSleep
};

inline constexpr std::uint32_t kSleepers = 20;

enum class FirstLoad { kWorks, kFails, kHangs };

class Service {
 public:
  // A test's change to the complete options.
  using Change = std::function<void(GuardianOptions&, ServiceBoard&)>;

  // Forks the guardian and waits until the web side is ready. `before` runs
  // first, in the guardian's process. Requires: the test has no child.
  explicit Service(const std::function<void()>& before = {},
                   bool wait_ready = true,
                   FirstLoad first_load = FirstLoad::kWorks,
                   const Change& change = {});
  // Kills and reaps the remaining processes.
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  ServiceBoard& board() { return *board_; }

  pid_t guardian() const { return guardian_; }

  // 0 when there is none now.
  pid_t launcher() const { return Role("ce-launcher"); }

  pid_t web() const { return Role("ce-web"); }

  pid_t loader() const { return Role("ce-loader"); }

  // Signals a role once it exists. Never use kill(launcher()): 0 would mean our
  // own process group.
  bool SignalLauncher(int signal) const {
    return Signal("ce-launcher", signal);
  }

  bool SignalWeb(int signal) const { return Signal("ce-web", signal); }

  // Processes below the guardian with this name.
  std::size_t CountNamed(const std::string& name) const;

  // Makes the web side request runs of `count` commands from `command` on, and
  // waits until it has sent the requests.
  void Start(std::uint32_t command, std::uint32_t count);

  // The exit status of the guardian (as from waitpid), -1 if it does not end.
  int WaitForEnd(std::chrono::milliseconds patience = std::chrono::seconds{20});

  // Processes and zombies below the test that do not belong to the service, or
  // all of them once the guardian is dead. Reaps the test's own zombies.
  std::string Left(std::chrono::milliseconds patience) const;

 private:
  // Those that do not belong to the service, by number and name.
  std::string Strangers(const std::set<pid_t>& pids) const;
  pid_t Role(const char* name) const;
  bool Signal(const char* role, int signal) const;

  ServiceBoard* board_{};
  pid_t guardian_{};
};

// Asks every millisecond.
bool Eventually(const std::function<bool()>& holds,
                std::chrono::milliseconds patience = std::chrono::seconds{20});

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_PROCESS_GUARDIAN_GUARDIAN_HARNESS_HPP_
