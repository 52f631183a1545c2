// Admission in a real launcher.
//
// The promised times are for an idle host. The tests measure how much slower
// this host is now, and allow for that.

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "core/process/system/host_load.hpp"
#include "tests/core/process/launcher/hostile_programs.hpp"
#include "tests/core/process/launcher/launcher_driver.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

double CpuSeconds() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) +
         static_cast<double>(used.tv_nsec) * 1e-9;
}

void Compute(double seconds) {
  const double until = CpuSeconds() + seconds;
  while (CpuSeconds() < until) {
  }
}

// The test binary as a command that needs 80 ms of a processor.
[[maybe_unused]] const bool kPlayed = [] {
  const char* const part = std::getenv("HOSTILE");
  if (part != nullptr && std::string_view(part) == "compute") {
    Compute(0.08 - CpuSeconds());
    ::_exit(0);
  }
  return true;
}();

// The ratio of wall time to processor time at present; at least 1.
double Slowdown() {
  double worst = 1;
  for (int i = 0; i < 3; ++i) {
    const Clock::time_point began = Clock::now();
    const double cpu = CpuSeconds();
    Compute(0.03);
    worst =
        std::max(worst, ToSeconds(Clock::now() - began) / (CpuSeconds() - cpu));
  }
  return worst;
}

Duration Scaled(Duration time, double factor) {
  return FromSeconds(ToSeconds(time) * factor);
}

// `count` commands that differ only in an argument.
std::vector<CommandSpec> Many(std::size_t count, const CommandSpec& one) {
  std::vector<CommandSpec> specs(count, one);
  for (std::size_t i = 0; i < count; ++i) {
    specs[i].name = one.name + std::to_string(i);
    specs[i].environment.push_back("NUMBER=" + std::to_string(i));
  }
  return specs;
}

CommandSpec Sleep(const char* seconds, const std::string& name) {
  CommandSpec spec = Program({"/bin/sleep", seconds});
  spec.name = name;
  return spec;
}

LauncherDriver::Options AtMost(std::uint32_t concurrency) {
  LauncherDriver::Options options;
  options.max_concurrency = concurrency;
  return options;
}

// Processes that only keep processors busy.
class Spinners {
 public:
  explicit Spinners(int count) {
    for (int i = 0; i < count; ++i) {
      const pid_t pid = ::fork();
      REQUIRE(pid >= 0);
      if (pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        Compute(60);
        ::_exit(0);
      }
      pids_.push_back(pid);
    }
  }

  ~Spinners() {
    for (const pid_t pid : pids_) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
  }

  Spinners(const Spinners&) = delete;
  Spinners& operator=(const Spinners&) = delete;

 private:
  std::vector<pid_t> pids_;
};

std::uint64_t Switches(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  std::string word;
  std::uint64_t count = 0;
  while (status >> word && word != "voluntary_ctxt_switches:") {
  }
  status >> count;
  return count;
}

TEST_CASE("a hundred commands that compute end within their limit of 1 s",
          "[alone]") {
  const double slowdown = Slowdown();
  CAPTURE(slowdown);
  LauncherDriver launcher(Many(100, Hostile("compute")), AtMost(128));
  const Deadline start_by = Deadline::After(Scaled(10s, slowdown));
  std::vector<std::uint64_t> jobs;
  for (std::uint32_t i = 0; i < 100; ++i) {
    jobs.push_back(launcher.Start(i, Scaled(1s, slowdown), 1, start_by));
  }
  std::size_t succeeded = 0;
  for (const std::uint64_t job : jobs) {
    const DoneMessage& done = *launcher.Wait(job).done;
    succeeded += done.ending == Ending::kExited && done.code == 0 ? 1 : 0;
  }
  CHECK(succeeded == 100);
  CHECK(launcher.Left() == "");
}

// Returns when the last of a hundred commands that sleep for 50 ms has ended.
double LastOfHundredSleeps(LauncherDriver& launcher) {
  std::vector<std::uint64_t> jobs;
  for (std::uint32_t i = 0; i < 100; ++i) {
    jobs.push_back(launcher.Start(i, 20s));
  }
  double last = 0;
  for (const std::uint64_t job : jobs) {
    last = std::max(last, launcher.Wait(job).done_after);
  }
  return last;
}

TEST_CASE("a hundred sleeps of 50 ms end within 0.4 s", "[alone]") {
  LauncherDriver launcher(Many(100, Sleep("0.05", "nap")), AtMost(128));
  bool kept = false;
  // The best of five: one disturbance of the host is not the launcher's fault.
  // While all processors are busy, the launcher paces the starts; then the
  // promise of the next case applies.
  for (int attempt = 0; attempt < 5 && !kept; ++attempt) {
    const double slowdown = Slowdown();
    const double allowed = slowdown < 1.3 ? 0.4 * slowdown : 2.5;
    const double last = LastOfHundredSleeps(launcher);
    INFO(last << " s of " << allowed << " s, slowed down by " << slowdown);
    kept = last <= allowed;
    CHECK((kept || attempt < 4));
  }
  CHECK(launcher.Left() == "");
}

TEST_CASE("a busy host starts a hundred within a quarter of the scrape",
          "[alone]") {
  const Spinners spinners(2 * ProcessorCount());
  LauncherDriver launcher(Many(100, Sleep("0.2", "nap")), AtMost(128));
  const Deadline start_by = Deadline::After(9500ms);
  std::vector<std::uint64_t> jobs;
  for (std::uint32_t i = 0; i < 100; ++i) {
    jobs.push_back(launcher.Start(i, 5s, 1, start_by));
  }
  // A start is noticed soon after; the times here need not be exact to the
  // millisecond.
  launcher.Serve(2500ms, [&] {
    return std::all_of(jobs.begin(), jobs.end(), [&](std::uint64_t job) {
      return launcher.Look(job).pid != 0;
    });
  });
  CHECK(std::count_if(jobs.begin(), jobs.end(), [&](std::uint64_t job) {
          return launcher.Look(job).pid != 0;
        }) == 100);
  for (const std::uint64_t job : jobs) {
    launcher.Wait(job);
  }
  CHECK(launcher.Left() == "");
}

TEST_CASE("a matrix that takes all places leaves one for another collector",
          "[alone]") {
  std::vector<CommandSpec> specs = Many(200, Sleep("1", "matrix"));
  for (CommandSpec& spec : specs) {
    spec.name = "matrix";
  }
  specs.push_back(Program({"/bin/echo", "free"}));
  specs.back().name = "free";
  LauncherDriver launcher(specs, AtMost(16));
  for (std::uint32_t i = 0; i < 200; ++i) {
    launcher.Start(i, 20s);
  }
  launcher.Serve(5s, [&] { return launcher.Stats().processes_running == 15; });
  launcher.Serve(100ms);
  CHECK(launcher.Stats().processes_running == 15);
  const TestRun& free = launcher.Run(200);
  CHECK(free.out == "free\n");
  CHECK(free.done_after < 0.2 * Slowdown());
  CHECK(launcher.Stats().processes_running >= 15);
  // The rest of the matrix is refused when the launcher ends.
}

TEST_CASE("a launcher at its limit sleeps until a run ends", "[alone]") {
  LauncherDriver launcher({Sleep("3", "a"), Sleep("0", "b")}, AtMost(1));
  const auto first = launcher.Start(0, 20s);
  const auto second = launcher.Start(1, 20s);
  launcher.Serve(5s, [&] { return launcher.Look(first).pid != 0; });
  const std::uint64_t before = Switches(launcher.pid());
  REQUIRE(before > 0);
  ::usleep(1'000'000);
  CHECK(Switches(launcher.pid()) - before < 50);
  CHECK(launcher.Look(second).pid == 0);
  launcher.Cancel(first);
  CHECK(launcher.Wait(second).done->ending == Ending::kExited);
  CHECK(launcher.Left() == "");
}

TEST_CASE("a waiting run is refused in time, unless it is put off", "[alone]") {
  LauncherDriver launcher({Sleep("0.6", "a"), Sleep("0", "b"), Sleep("0", "c")},
                          AtMost(1));
  const auto first = launcher.Start(0, 20s);
  const auto refused = launcher.Start(1, 20s, 1, Deadline::After(100ms));
  const auto put_off = launcher.Start(2, 20s, 1, Deadline::After(100ms));
  ExtendMessage message;
  message.job = put_off;
  message.deadline_ns = Deadline::After(20s).nanoseconds();
  launcher.web().Send(message);
  message.job = 4711;  // unknown job
  launcher.web().Send(message);
  const DoneMessage& done = *launcher.Wait(refused).done;
  CHECK(done.ending == Ending::kNotStarted);
  CHECK(done.fault == StartFault::kAdmission);
  CHECK_FALSE(launcher.Look(first).done.has_value());
  CHECK(launcher.Wait(put_off).done->ending == Ending::kExited);
  CHECK(launcher.Left() == "");
}

}  // namespace
}  // namespace command_exporter
